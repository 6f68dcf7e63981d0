import { readFile } from 'node:fs/promises'

/** A file's text; null where it cannot be read, which for the kernel's files is an answer and no failure. */
export async function readText(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}
