import { buildStale } from './parts/fresh.ts'
import { allParts } from './parts/index.ts'

/** `npm run build [-- --all]`: builds what has changed; with `--all` everything. */
const built = await buildStale(allParts, (line) => process.stdout.write(`${line}\n`), process.argv.includes('--all'))
if (built.length === 0) process.stdout.write('everything is built\n')
