import { formatBytes } from '../../limits/units.ts'
import type { EventOf } from '../../run/event.ts'
import type { Run } from '../../run/fold-run.ts'
import { limitOf } from '../words.ts'
import { armed, errnoOf, refusals, surestBehind, textOf, type Guess, type Link } from './error-links.ts'
import { askedPhrase, refusalOf } from './refused-memory.ts'

const cause = 'os.address_space'

/** The address space limit in the clothes of an error. A request that anybody would have been refused is none of its doing (`script-errors.ts` tells). */
export function addressSpace(run: Run, { error }: EventOf<'script_error'>, links: readonly Link[]): Guess | null {
  const space = limitOf(run, cause)
  const ours = armed(space) ? space?.value ?? null : null
  const inForce = error.memory ? error.memory.limit : ours
  if (!inForce) return null
  const peak = Math.max(error.addressSpacePeak ?? 0, ...run.readings.map((reading) => reading.addressSpaceBytes))
  const near = peak > inForce * 0.7
  const reading = near ? `address space peaked at ${formatBytes(peak)}` : null
  const refused = links.find(isRefusal)
  if (refused) return ofRequest(error, refused, { peak, near, reading, ...(ours !== null && inForce >= ours ? {} : { elsewhere: inForce }) })
  const threads = links.find((link) => /can't start new thread/i.test(textOf(link)))
  if (threads) return { cause, subject: 'Python ran out of address space for another thread’s stack', confidence: armed(limitOf(run, 'os.processes')) && refusals(run) !== 0 ? 0.6 : near ? 0.95 : 0.85, link: threads }
  const silent = links.find((link) => link.type === 'SystemError' && /without exception set/.test(link.message))
  if (silent) return { cause, subject: 'Python ran out of address space where it could not even raise MemoryError', confidence: near ? 0.9 : 0.6, link: silent, reading }
  const interrupt = near ? links.find((link) => link.type === 'KeyboardInterrupt') : undefined
  return interrupt ? { cause, subject: 'A library ran out of address space (OpenBLAS then raises KeyboardInterrupt)', confidence: 0.8, link: interrupt, reading } : null
}

/** Does the kernel say with it that it gave no memory? */
export function isRefusal(link: Link): boolean {
  return isMemoryError(link.type) || errnoOf(link) === 12 || /failed to map segment|Cannot allocate memory/i.test(textOf(link))
}

/** Python's own and those of packages (numpy's `_ArrayMemoryError`); not those of a graphics card. */
function isMemoryError(type: string): boolean {
  return /MemoryError$/.test(type) && !/OutOfMemoryError$/.test(type)
}

interface Facts { peak: number; near: boolean; reading: string | null; elsewhere?: number }

function ofRequest(error: EventOf<'script_error'>['error'], link: Link, { peak, near, reading, elsewhere }: Facts): Guess | null {
  const { by, asked } = refusalOf(error)
  if (by === 'anybody' || ((by === 'parser' || by === 'other') && !near)) return null
  const other = error.memory?.otherProcess === true
  const guess = { cause, link, reading, subject: other ? 'A child process of your script ran out of address space' : 'Python ran out of address space', ...(elsewhere === undefined ? {} : { elsewhere: `${formatBytes(elsewhere)} limit of the process (RLIMIT_AS)` }) } as const
  if (by === 'limit' && asked !== null) return { ...guess, confidence: 0.97, known: askedPhrase(error, asked), fix: [...(elsewhere === undefined ? [`Set ${cause} to ${formatBytes(roundUpBytes((error.memory?.used ?? peak) + asked))}`] : whereElse), 'or ask for less at once'] }
  const fix = elsewhere === undefined ? {} : { fix: whereElse }
  if (by === 'parser') return { ...guess, ...fix, confidence: 0.8, known: 'Python’s parser says the same of an expression that is nested too deep.' }
  if (near) return { ...guess, ...fix, confidence: 0.97 }
  if (error.addressSpacePeak) return { ...guess, ...fix, confidence: surestBehind, known: `At most ${formatBytes(peak)} had been reserved until then: a single request was for more than what was left. How much it asked for is not known: a length that went wrong would be refused without this limit as well.` }
  // Runs of older versions tell of no process but the script's own.
  return { ...guess, ...fix, confidence: error.memory === undefined ? 0.97 : 0.8, ...(error.memory === undefined ? {} : { known: 'How much it asked for, and what was in use there, is not known: a length that went wrong would be refused without this limit as well.' }) }
}

const whereElse = ['Look at what the engine was started under (ulimit -v, LimitAS= of systemd) and for resource.setrlimit in the script: this run did not set it.']

/** To the next full step: 64 MB, or 1 GB where it is more than that. */
function roundUpBytes(bytes: number): number {
  const step = bytes > 1024 ** 3 ? 1024 ** 3 : 64 * 1024 ** 2
  return Math.ceil(bytes / step) * step
}
