import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** Pids of everything below a process, by /proc. */
export function descendantsOf(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number))
    return children.flatMap((child) => [child, ...descendantsOf(child)])
  } catch {
    return []
  }
}

/** Pids whose environment holds this text: they inherit it, wherever they end up in the tree. */
export function marked(text: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try { return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(text) } catch { return false }
  })
}

/** What is still running of these after at most `patienceMs`; a zombie is over. `afterMs`: how long it took for all to be gone. */
export async function survivorsOf(find: () => number[], patienceMs: number): Promise<{ pids: number[]; afterMs: number }> {
  const began = performance.now()
  for (;;) {
    const pids = find().filter(isRunning)
    const afterMs = performance.now() - began
    if (pids.length === 0 || afterMs > patienceMs) return { pids, afterMs }
    await wait(10)
  }
}

function isRunning(pid: number): boolean {
  try { return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1')) } catch { return false }
}

export function commandOf(pid: number): string {
  try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() } catch { return 'gone' }
}
