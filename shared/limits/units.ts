/**
 * Values with units. Inside the program a limit's value is always a plain number in one base
 * unit per kind; text with units exists only at the edges (command line, profile files, screen).
 *
 *   kind    base unit     written as
 *   time    milliseconds  `500ms` `2s` `1m` `1h` `250us`
 *   bytes   bytes         `512MB` (1024-based, as ulimit and Kubernetes' Mi count) `1GB` `64KB` `100B`
 *   cpu     millicores    `500m` `2cores`
 *   count   items         `64n`, or a bare integer (a count has no unit to forget)
 */
export type UnitKind = 'time' | 'bytes' | 'cpu' | 'count'
/** The base unit's name as it stands in records. */
export type BaseUnit = 'ms' | 'bytes' | 'millicores' | 'count'

export const baseUnitOf: Record<UnitKind, BaseUnit> = { time: 'ms', bytes: 'bytes', cpu: 'millicores', count: 'count' }

const KiB = 1024
const factors: Record<UnitKind, Record<string, number>> = {
  time: { us: 0.001, 'µs': 0.001, ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000 },
  bytes: {
    b: 1, k: KiB, kb: KiB, kib: KiB, m: KiB ** 2, mb: KiB ** 2, mib: KiB ** 2, mi: KiB ** 2,
    g: KiB ** 3, gb: KiB ** 3, gib: KiB ** 3, gi: KiB ** 3, ki: KiB, t: KiB ** 4, tb: KiB ** 4, tib: KiB ** 4,
  },
  cpu: { m: 1, core: 1000, cores: 1000 },
  count: { '': 1, n: 1 },
}
const examples: Record<UnitKind, string> = { time: '500ms, 2s or 1m', bytes: '512MB or 1GB', cpu: '500m or 2cores', count: '64' }

/** Largest value taken per kind: beyond it a value is a typing mistake (24 days is also where setTimeout wraps). */
const most: Record<UnitKind, number> = { time: 2 ** 31 - 1, bytes: 2 ** 50, cpu: 1_000_000, count: 2 ** 31 - 1 }

/** One microsecond: timers and stamps are no finer. */
const leastMs = 0.001

export type ParsedValue = { ok: true; value: number } | { ok: false; problem: string; hint: string }

/**
 * Reads a value with its unit, such as `500ms`, as a number in the kind's base unit.
 * A bare number is refused for every kind but `count`: `30` is 30 ms to HAProxy, 30 ns to Go, 30 s to nginx.
 */
export function parseValue(text: string, kind: UnitKind): ParsedValue {
  const hint = `write the value with its unit: ${examples[kind]}`
  const match = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-zµ]*)\s*$/i.exec(text)
  if (!match) return { ok: false, problem: `"${text}" is not a value`, hint }
  const number = Number(match[1])
  const unit = match[2] ?? ''
  if (number < 0) return { ok: false, problem: `"${text}" is negative`, hint }
  if (unit === '' && kind !== 'count') {
    return { ok: false, problem: `"${text}" has no unit`, hint: number === 0 ? hint : `did you mean ${suggestionsFor(match[1] ?? '', kind)}? ${hint}` }
  }
  const factor = factors[kind][unit] ?? factors[kind][unit.toLowerCase()]
  if (factor === undefined) return { ok: false, problem: `"${unit}" is not a unit of ${kindWord[kind]}`, hint }
  // 1.6 MB is no whole number of bytes, and what we write ourselves.
  const value = kind === 'bytes' && factor > 1 ? Math.round(number * factor) : number * factor
  if (kind !== 'time' && !Number.isInteger(value)) return { ok: false, problem: `"${text}" is not a whole number of ${baseUnitOf[kind]}`, hint }
  if (value === 0) return { ok: false, problem: `"${text}" is zero: no request could pass`, hint: 'write "off" to switch a limit off' }
  if (value < leastMs && kind === 'time') return { ok: false, problem: `"${text}" is shorter than any clock here can tell`, hint }
  if (value > most[kind]) return { ok: false, problem: `"${text}" is larger than anything that can be enforced`, hint }
  return { ok: true, value }
}

const kindWord: Record<UnitKind, string> = { time: 'time', bytes: 'memory or size', cpu: 'CPU share', count: 'count' }

function suggestionsFor(number: string, kind: UnitKind): string {
  return { time: `${number}ms or ${number}s`, bytes: `${number}MB`, cpu: Number(number) < 100 ? `${Math.round(Number(number) * 1000)}m (${number} cores)` : `${number}m`, count: number }[kind]
}

/** A value in its base unit as people write it: `500 ms`, `30 s`, `512 MB`. Inverse of `parseValue` up to spacing. */
export function formatValue(value: number, unit: BaseUnit): string {
  switch (unit) {
    case 'ms': return formatMs(value)
    case 'bytes': return formatBytes(value)
    case 'millicores': return `${value}m`
    case 'count': return String(value)
  }
}

/** Milliseconds for people: three significant digits below ten seconds, whole units where they are whole. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return String(ms)
  const abs = Math.abs(ms)
  if (abs < 1) return `${trim(ms, 3)} ms`
  if (abs < 1000) return `${trim(ms, 1)} ms`
  if (abs < 600_000 && (abs % 60_000 !== 0 || abs < 120_000)) return `${trim(ms / 1000, abs < 100_000 ? 2 : 1)} s`
  if (abs < 3_600_000 || abs % 3_600_000 !== 0) return `${trim(ms / 60_000, 1)} min`
  return `${trim(ms / 3_600_000, 1)} h`
}

/** An instant as an exact number: tenths of a millisecond below 100 s, `2 071.4 ms`. */
export function exactMs(ms: number): string {
  return ms < 100_000 ? `${groupedOf(ms, 1)} ms` : formatMs(ms)
}

/** A number with its thousands grouped by no-break spaces: `2 071.4`. */
export function groupedOf(value: number, digits = 0): string {
  const [whole = '0', fraction] = value.toFixed(digits).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, '\u00a0')
  return fraction ? `${grouped}.${fraction}` : grouped
}

/** Bytes for people, 1024-based. */
export function formatBytes(bytes: number): string {
  const names = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB']
  let value = bytes
  let index = 0
  while (Math.abs(value) >= KiB && index < names.length - 1) { value /= KiB; index++ }
  return `${trim(value, value < 10 ? 1 : 0)} ${names[index]}`
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}
