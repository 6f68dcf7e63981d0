import { formatBytes } from '../../limits/units.ts'
import type { MachineMemory, ScriptError } from '../../run/event.ts'

/**
 * Who refused a request for memory. `limit`: RLIMIT_AS, and the machine would have granted it. `anybody`: it would have been refused without
 * that limit as well, for the reason in `why`. `other`: neither would have refused so much. `parser`: it was no request at all. `unknown`: how much
 * was asked for is not known.
 */
export type Refusal = { by: 'limit' | 'anybody' | 'other' | 'parser' | 'unknown'; asked: number | null; why: string; confidence: number }

/** No process of today's 64-bit systems has more: 47 bits on x86-64, 48 on ARM. */
const largestAddressSpace = 2 ** 48
const tooComplex = /too complex to (?:parse|compile)/

export function refusalOf(error: ScriptError): Refusal {
  const memory = error.memory ?? null
  const asked = memory?.asked || askedInWords([error.message, ...(error.causes ?? []).map(({ message }) => message)])
  const used = memory?.used ?? (memory?.otherProcess ? 0 : error.addressSpacePeak) ?? 0
  if (memory?.asked === 0 || tooComplex.test(error.message)) return { by: 'parser', asked: null, why: 'Python’s parser says MemoryError of an expression that is nested too deep: no memory was short.', confidence: 0.95 }
  if (asked === null) return { by: 'unknown', asked, why: '', confidence: 0 }
  if (asked >= largestAddressSpace) return { by: 'anybody', asked, why: 'no process has as much address space, on any machine', confidence: 0.98 }
  const machine = memory?.machine ? beyondMachine(memory.machine, asked) : null
  if (machine) return { by: 'anybody', asked, ...machine }
  // What was in use in another process is not known.
  if (memory?.otherProcess && memory.limit !== null && asked <= memory.limit) return { by: 'unknown', asked, why: '', confidence: 0 }
  // A size that is only in the words of the error may be rounded: what nearly filled the limit is not put on anybody else.
  if (memory && !memory.otherProcess && (memory.limit === null || used + asked <= memory.limit * 0.95)) return { by: 'other', asked, why: 'the address space limit and this machine would have granted that', confidence: 0.8 }
  return { by: 'limit', asked, why: '', confidence: 0.97 }
}

/** What the kernel refuses whoever asks, by vm.overcommit_memory (proc(5)); null where it would grant it. */
function beyondMachine({ overcommit, memory, swap, commitLimit, committed }: MachineMemory, asked: number): Pick<Refusal, 'why' | 'confidence'> | null {
  const total = memory + swap
  if (overcommit === 0 && asked > total) return { why: `this machine has ${formatBytes(total)} of memory and swap, and refuses any single request for more (vm.overcommit_memory = 0)`, confidence: 0.93 }
  const left = Math.max(0, commitLimit - committed)
  // What others have been promised changes from one moment to the next.
  if (overcommit === 2 && asked > left) return { why: `this machine promises no more than ${formatBytes(commitLimit)} in all (vm.overcommit_memory = 2), and ${formatBytes(left)} of it were left`, confidence: asked > commitLimit ? 0.93 : 0.85 }
  return null
}

/** numpy and torch tell in their message how much they asked for. */
function askedInWords(messages: readonly string[]): number | null {
  for (const message of messages) {
    const [, number, unit] = /Unable to allocate ([\d.]+) (?:([KMGTPE])i)?B/.exec(message) ?? /Unable to allocate ([\d.]+) bytes/.exec(message) ?? /tried to allocate (\d+) bytes/.exec(message) ?? []
    if (number !== undefined) return Number(number) * 1024 ** (unit === undefined ? 0 : 'KMGTPE'.indexOf(unit) + 1)
  }
  return null
}

/** "It asked for 7 EB in one piece, with 19 MB in use." */
export function askedPhrase(error: ScriptError, asked: number): string {
  const used = error.memory?.used ?? error.addressSpacePeak ?? null
  return `It asked for ${formatBytes(asked)} in one piece${used === null ? '' : `, with ${formatBytes(used)} in use`}.`
}
