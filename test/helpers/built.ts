import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, staleParts, type Part } from '../../build/parts/fresh.ts'

/** End-to-end specs test what was built. `npm test` builds first; whoever starts a spec alone is told to, or told that the build is old. */
export function requireBuilt(parts: readonly Part[]): void {
  const missing = parts.filter((part) => !existsSync(join(root, part.output)))
  if (missing.length > 0) throw new Error(`Not built yet: ${missing.map((part) => part.name).join(', ')}. Run \`npm run build\` first.`)
  const stale = staleParts(parts)
  if (stale.length > 0) process.stderr.write(`These tests use a build that is older than its sources (${stale.join(', ')}): run \`npm run build\`.\n`)
}
