import { readFile } from 'node:fs/promises'

/** Version of this program, from its package. */
export async function version(): Promise<string> {
  return (JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version
}
