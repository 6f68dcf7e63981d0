import { execFileSync } from 'node:child_process'

/** The engine process among these: by its module on the stand-in, by its name on Electron. */
export function engineOf(pids: readonly number[]): number {
  const rows = execFileSync('ps', ['-o', 'pid=,args=', '-p', pids.join(',')], { encoding: 'utf8' }).trim().split('\n')
  const row = rows.find((line) => /engine-process\.js|node\.mojom\.NodeService/.test(line))
  if (!row) throw new Error(`none of these is the engine:\n${rows.join('\n')}`)
  return Number(row.trim().split(/\s+/)[0])
}
