import { formatBytes } from '../../limits/units.ts'
import type { EventOf, LeftAtError } from '../../run/event.ts'
import type { Run } from '../../run/fold-run.ts'
import { limitOf } from '../words.ts'
import { armed, errnoOf, isOfOtherProcess, surestBehind, type Guess, type Link } from './error-links.ts'

type ErrorEvent = EventOf<'script_error'>
const errno = { tooMany: 24, tooManyInSystem: 23, fileTooLarge: 27, noSpace: 28, quota: 122 }

/** Errors of libraries that say the same whatever the kernel refused: what was left when they were told says more. */
const hidesOpening = /unable to open database file|No usable temporary directory found/
const hidesWriting = /disk I\/O error|database or disk is full|No usable temporary directory found/
/** Less than this is no room for what SQLite writes at once: a page, and its journal. */
const noRoom = 1024 ** 2
const sqliteStep = 64 * 1024

export function descriptors(run: Run, { error }: ErrorEvent, links: readonly Link[]): Guess | null {
  const cause = 'os.open_files'
  const left = error.left ?? null
  const system = links.find((link) => saidBy(link) === errno.tooManyInSystem)
  if (system) return { cause, subject: 'The machine has no file descriptor left for anybody', confidence: 0.93, link: system, elsewhere: 'limit of the whole machine (fs.file-max)', fix: ['Look at fs.file-nr and fs.file-max: some process of the machine holds very many files.'] }
  const limit = limitOf(run, cause)
  const ours = armed(limit) ? limit?.value ?? null : null
  const inForce = left?.descriptorLimit ?? ours
  if (inForce === null) return null
  const elsewhere = ours !== null && inForce >= ours ? {} : { elsewhere: `limit of ${inForce} descriptors of the process (RLIMIT_NOFILE)`, fix: ['Close what is opened (with open(...) as file), or raise ulimit -n (LimitNOFILE= of systemd) where the service runs: this run did not set it.'] }
  const subject = 'The script ran out of file descriptors'
  const plain = links.find((link) => saidBy(link) === errno.tooMany)
  if (plain) return { cause, subject, confidence: plain.errno === null && !left?.noDescriptorLeft ? surestBehind : 0.97, link: plain, ...elsewhere }
  if (!left?.noDescriptorLeft || isOfOtherProcess(error)) return null
  const hidden = links.find((link) => hidesOpening.test(link.message) || /\bgaierror$/.test(link.type))
  return hidden ? { cause, subject, confidence: 0.92, link: hidden, known: `The error does not name it: it says that something could not be opened, and ${fullTable(left)}.`, ...elsewhere } : null
}

export function fileSize(run: Run, { error }: ErrorEvent, links: readonly Link[]): Guess | null {
  const cause = 'os.file_size'
  const subject = 'The script wrote a file larger than allowed'
  const plain = links.find((link) => saidBy(link) === errno.fileTooLarge)
  if (plain) return { cause, subject, confidence: plain.errno === null || !armed(limitOf(run, cause)) ? 0.85 : 0.97, link: plain }
  const { fileSizeLimit = null, largestFile = null } = error.left ?? {}
  const hidden = links.find((link) => hidesWriting.test(link.message))
  if (!hidden || fileSizeLimit === null || largestFile === null || largestFile + sqliteStep < fileSizeLimit) return null
  const known = `The error does not name it: when it was told, a file of ${formatBytes(largestFile)} was open for writing, and no file may be larger than ${formatBytes(fileSizeLimit)} (RLIMIT_FSIZE).`
  return { cause, subject, confidence: 0.9, link: hidden, known, ...(armed(limitOf(run, cause)) ? {} : { elsewhere: `limit of ${formatBytes(fileSizeLimit)} of the process (RLIMIT_FSIZE)` }) }
}

export function disk({ error }: ErrorEvent, links: readonly Link[]): Guess | null {
  const cause = 'os.disk_full'
  const quota = links.find((link) => saidBy(link) === errno.quota)
  if (quota) return { cause, subject: 'The disk quota of the user is used up', confidence: 0.95, link: quota, fix: ['Free space of this user (quota tells how much), or write elsewhere: TMPDIR names the place of temporary files.'] }
  const plain = links.find((link) => saidBy(link) === errno.noSpace)
  // The kernel says the same of its watches on files, and of other tables that are full.
  if (plain) return { cause, subject: 'The disk is full', confidence: !/No space left/i.test(plain.message) ? 0.6 : plain.errno === null ? 0.85 : 0.95, link: plain }
  const free = error.left?.freeBytes ?? null
  const hidden = links.find((link) => hidesWriting.test(link.message))
  if (!hidden || free === null || free >= noRoom || /disk I\/O error/.test(hidden.message)) return null
  return { cause, subject: 'The disk is full', confidence: 0.9, link: hidden, known: `When the error was told, ${formatBytes(free)} were left where the script writes.` }
}

/** Why an error that says nothing of descriptors may still be about them; null where nothing speaks for it. */
export function perhapsDescriptors(run: Run, { error }: ErrorEvent): string | null {
  const { left } = error
  // What the kernel itself says of a path has the path for its reason: without a descriptor it would have said so.
  if (!left || error.raised === true || isOfOtherProcess(error)) return null
  const hides = hidesOpening.test(error.message)
  if (left.noDescriptorLeft && (hides || (error.errno ?? -1) < 0)) return `${fullTable(left)}, but the error does not tell of it`
  if (!hides || !armed(limitOf(run, 'os.open_files')) || left.descriptorLimit === null) return null
  return `${left.openDescriptors ?? 'an unknown number'} of ${left.descriptorLimit} descriptors were open when the error was told; it may have been more until then`
}

function fullTable({ descriptorLimit }: LeftAtError): string {
  return `when it was told, all ${descriptorLimit ?? ''} descriptors were in use`.replace('  ', ' ')
}

/** The errno an error stands for: its own, or the one whose words a library passes on. */
function saidBy(link: Link): number {
  const own = errnoOf(link)
  if (!Number.isNaN(own)) return own
  return words.find(([, said]) => said.test(link.message))?.[0] ?? Number.NaN
}

/** strerror() of glibc, as native libraries quote it. */
const words: readonly (readonly [number, RegExp])[] = [
  [errno.tooManyInSystem, /Too many open files in system/], [errno.tooMany, /Too many open files/], [errno.fileTooLarge, /File too large/],
  [errno.noSpace, /No space left on device/], [errno.quota, /Disk quota exceeded/],
]
