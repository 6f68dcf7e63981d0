import { formatMs, formatValue } from '../../limits/units.ts'
import { setTo, type Active, type Lint } from './lint.ts'

const MiB = 1024 ** 2

/** Values that smell of a wrong unit, or that Python itself does not fit into. */
export function suspicious(active: readonly Active[]): Lint[] {
  return active.flatMap((limit) => oddTime(limit, active) ?? tooSmall(limit) ?? [])
}

function oddTime(limit: Active, active: readonly Active[]): Lint | null {
  if (limit.unit !== 'ms') return null
  if (limit.id === 'os.cpu_time') {
    if (limit.value % 1000 === 0) return null
    const whole = Math.ceil(limit.value / 1000) * 1000
    return { ...warn(limit, `os.cpu_time ${formatMs(limit.value)} is rounded up to ${formatMs(whole)}.`, 'RLIMIT_CPU counts whole seconds.', whole), severity: 'note' }
  }
  if (limit.value > 86_400_000) return warn(limit, `${limit.id} is longer than a day.`, 'Was it meant in ms? nginx reads a bare 500 as 500 s.', limit.value / 1000)
  if (limit.value < 10) return warn(limit, `${limit.id} is ${formatMs(limit.value)}.`, 'Was it meant in seconds? HAProxy reads a bare 30 as 30 ms, Go as 30 ns.', limit.value * 1000)
  // 60 ms among limits of 60 s: the same number, read in another unit.
  const twin = limit.value < 1000 && active.find((other) => other.unit === 'ms' && other.id !== 'os.cpu_time' && other.value === limit.value * 1000)
  return twin ? warn(limit, `${limit.id} ${formatMs(limit.value)} is exactly a thousandth of ${twin.id} ${formatMs(twin.value)}.`, 'Was one of them written without its unit? HAProxy reads a bare number as ms, nginx as s.', twin.value) : null
}

/** Least values with which something still runs, what they are taken up by, and a usual one. */
const least: Record<string, { value: number; why: string; usual: number }> = {
  'os.address_space': { value: 64 * MiB, why: 'requests needs 31 MB, numpy 48 MB, eight threads 526 MB of address space.', usual: 512 * MiB },
  'os.memory': { value: 24 * MiB, why: 'A bare Python takes 10 MB, its supervisor as much: the OOM killer comes before transform() does.', usual: 512 * MiB },
  'platform.memory': { value: 24 * MiB, why: 'A bare Python takes 10 MB, its supervisor as much: the platform kills it before transform() runs.', usual: 128 * MiB },
  'os.open_files': { value: 16, why: 'Python opens as many to start and to import: it may fail before transform() runs.', usual: 1024 },
  'os.processes': { value: 4, why: 'Threads count as well, and with RLIMIT_NPROC every process of the user: the script may not start at all.', usual: 64 },
  'os.cpu_share': { value: 50, why: 'Python needs about 20 ms of CPU time to start: at this share that is most of a second.', usual: 500 },
}

function tooSmall(limit: Active): Lint | null {
  const rule = least[limit.id]
  if (!rule || limit.value >= rule.value) return null
  const what = limit.id === 'os.address_space' ? 'is below what common libraries reserve.' : 'is less than Python itself needs.'
  return warn(limit, `${limit.id} ${formatValue(limit.value, limit.unit)} ${what}`, rule.why, rule.usual)
}

function warn(limit: Active, title: string, text: string, fixed: number): Lint {
  return { id: `suspicious:${limit.id}`, severity: 'warning', limitIds: [limit.id], title, text, fix: setTo(limit, fixed) }
}
