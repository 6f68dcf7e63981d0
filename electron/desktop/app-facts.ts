import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }

/** What the app is called, by people and by the system, and which version it is; for every process of it and for its packages. */
export const app = { name: 'Cutoff', id: 'dev.cutoff.app', version } as const
