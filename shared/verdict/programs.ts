import { formatMs } from '../limits/units.ts'
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
    ...(children?.children ?? []).map((child) => ({ kind: 'event' as const, text: childText(child), ref: `event:${children?.seq}` })),
  ]
}

function replacedText(event: EventOf<'process_replaced'>): string {
  if (event.by === 'name') return `the process was called ${event.program} at its end: exec had put another program in the place of Python, by all it looks`
  return `the process was replaced by ${programWords(event)}, seen at ${formatMs(event.atMs)} (exec): no stack of the script after that`
}

function childText(child: ChildAtCut): string {
  return `alive at the cut: process ${child.pid}, ${programWords(child)}${child.state === null ? '' : `, ${stateNames[child.state]}`}`
}
