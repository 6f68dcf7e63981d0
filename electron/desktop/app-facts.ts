import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }

/** What the app is called and which version it is, for every process of it. */
export const app = { name: 'Cutoff', version } as const
