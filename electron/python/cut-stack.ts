import type { StackFrame } from '../../shared/run/event.ts'

export interface CutStack { frames: StackFrame[]; threads: { name: string; frames: StackFrame[] }[] }

/**
 * Reads what faulthandler printed: a header per thread, then its frames, innermost first. The wrapper's own frames, below the
 * script's, are left out. `frames` is the thread that the signal met (the main thread unless it is blocked); null if it shows nothing.
 */
export function parseFaulthandler(text: string, harnessFolder: string): CutStack | null {
  const threads: { name: string; current: boolean; frames: StackFrame[] }[] = []
  for (const line of text.split('\n')) {
    const header = /^(Current thread|Thread|Stack) ?(0x[0-9a-f]+)?.*\(most recent call first\)/.exec(line)
    if (header) {
      threads.push({ name: header[2] ?? 'main', current: header[1] !== 'Thread', frames: [] })
      continue
    }
    const frame = /^ {2}File "(.*)", line (\d+) in (.*)$/.exec(line)
    if (frame && !frame[1]?.startsWith(harnessFolder)) threads.at(-1)?.frames.push({ file: frame[1] ?? '', line: Number(frame[2]), function: frame[3] ?? '' })
  }
  const main = threads.find((thread) => thread.current) ?? threads[0]
  if (!main || threads.every((thread) => thread.frames.length === 0)) return null
  return { frames: main.frames, threads: threads.filter((thread) => thread !== main).map(({ name, frames }) => ({ name, frames })) }
}

/** Threads as a harness reads them (the main thread first) without the wrapper's own frames; null if nothing of the script is left. */
export function withoutHarness(threads: { name: string; frames: StackFrame[] }[], harnessFolder: string): CutStack | null {
  const [main, ...others] = threads.map(({ name, frames }) => ({ name, frames: frames.filter((frame) => !frame.file.startsWith(harnessFolder)) }))
  if (!main || [main, ...others].every((thread) => thread.frames.length === 0)) return null
  return { frames: main.frames, threads: others.filter((thread) => thread.frames.length > 0) }
}
