import { formatMs } from '../limits/units.ts'
import { counted } from '../text/counted.ts'
import type { ChildAtCut, EventOf } from '../run/event.ts'
import type { Run } from '../run/fold-run.ts'
import { stateNames } from '../stacks/states.ts'
import type { Evidence } from './verdict.ts'

/** The program that had taken the place of Python at an instant (exec); null while it was Python, or where nobody looked. */
export function replacedAt(run: Run, atMs: number | null): EventOf<'process_replaced'> | null {
  return run.replaced.findLast((event) => event.atMs <= (atMs ?? run.nowMs) + noticedMs) ?? null
}

/** It is looked at so often (ms): what was found just after an instant was so at it already. */
const noticedMs = 25

/** "/usr/bin/sleep", with its arguments where they are known. */
export function programWords({ program, command }: { program: string | null; command: string | null }): string {
  if (program === null) return 'a fork of the script'
  return command === null ? program : `${program} (${command})`
}

/** That another program had taken the place of Python by `atMs`, and what the script had started that was alive at the cut. */
export function programEvidence(run: Run, atMs: number | null): Evidence[] {
  const replaced = replacedAt(run, atMs)
  const children = run.childrenAtCut
  return [
    ...(replaced ? [{ kind: 'event' as const, text: replacedText(replaced), ref: `event:${replaced.seq}` }] : []),
    ...(children?.children ?? []).map((child) => ({ kind: 'event' as const, text: `${isLeftBehind(run) ? 'left behind' : 'alive at the cut'}: ${childText(child)}`, ref: `event:${children?.seq}` })),
  ]
}

/** Processes that were still there when the script had ended by itself, in a sentence; null where there were none. */
export function leftBehind(run: Run): string | null {
  const count = run.exit?.leftovers ?? 0
  if (count === 0) return null
  const known = isLeftBehind(run) ? (run.childrenAtCut?.children ?? []).map(programWords) : []
  const names = known.length > 0 ? ` (${known.join('; ')})` : ''
  const [it, was, has] = count === 1 ? ['it', 'was', 'has'] : ['they', 'were', 'have']
  return `The script left ${counted(count, 'process', 'processes')} running${names}, which ${was} ended with it. Where nobody does that, ${it} live${count === 1 ? 's' : ''} on, and whoever reads the script’s output to its end waits as long as ${it} ${has} it open.`
}

function isLeftBehind(run: Run): boolean {
  return run.childrenAtCut !== null && run.exit !== null && run.kills.length === 0
}

function replacedText(event: EventOf<'process_replaced'>): string {
  if (event.by === 'name') return `the process was called ${event.program} at its end: exec had put another program in the place of Python, by all it looks`
  return `the process was replaced by ${programWords(event)}, seen at ${formatMs(event.atMs)} (exec): no stack of the script after that`
}

function childText(child: ChildAtCut): string {
  return `process ${child.pid}, ${programWords(child)}${child.state === null ? '' : `, ${stateNames[child.state]}`}`
}
