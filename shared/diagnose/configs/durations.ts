/** A duration as a product writes it; `ok` is false for what the product would refuse. */
export type Duration = { ok: true; ms: number } | { ok: false }

const bad: Duration = { ok: false }

/** Factors to ms. */
export const unitMs = { ns: 1e-6, us: 1e-3, 'µs': 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** `500ms`, `30` with the product's own default unit; one number, one unit. */
export function parseSimple(text: string, units: Readonly<Record<string, number>>, bareFactor: number | null): Duration {
  const match = /^(\d+(?:\.\d+)?)([a-zµ]*)$/i.exec(text.trim())
  if (!match) return bad
  const unit = match[2] ?? ''
  const factor = unit === '' ? bareFactor : units[unit] ?? null
  return factor === null ? bad : { ok: true, ms: Number(match[1]) * factor }
}

/** nginx: `1m30s`, `500ms`; a bare number is seconds. M is a month, y a year (365 d). */
export function parseNginxTime(text: string): Duration {
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, M: 2_592_000_000, y: 31_536_000_000 }
  if (/^\d+$/.test(text)) return { ok: true, ms: Number(text) * 1000 }
  let ms = 0
  let rest = text.replaceAll(' ', '')
  if (rest === '') return bad
  while (rest !== '') {
    const match = /^(\d+)(ms|[smhdwMy])?/.exec(rest)
    if (!match || match[0] === '' || (match[2] === undefined && match[0].length !== rest.length)) return bad
    ms += Number(match[1]) * (units[match[2] ?? 's'] ?? 1000)
    rest = rest.slice(match[0].length)
  }
  return { ok: true, ms }
}

/** HAProxy: us ms s m h d, whole numbers; a bare number is milliseconds. More than 2^31 ms is refused ("timer overflow"). */
export function parseHaproxyTime(text: string): Duration {
  const parsed = /\./.test(text) ? bad : parseSimple(text, { us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }, 1)
  return parsed.ok && parsed.ms > 2 ** 31 - 1 ? bad : parsed
}

/** Go's `time.ParseDuration`: `1h30m`, `500ms`, `1.5s`; a bare number is refused, except 0. */
export function parseGoDuration(text: string): Duration {
  const trimmed = text.trim()
  if (trimmed === '0') return { ok: true, ms: 0 }
  const sign = trimmed.startsWith('-') ? -1 : 1
  let rest = trimmed.replace(/^[+-]/, '')
  if (rest === '') return bad
  let ms = 0
  while (rest !== '') {
    const match = /^(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/.exec(rest)
    if (!match) return bad
    const unit = (match[2] ?? 's').replace('μ', 'µ') as keyof typeof unitMs
    ms += Number(match[1]) * unitMs[unit]
    rest = rest.slice(match[0].length)
  }
  return { ok: true, ms: sign * ms }
}

/** C's `atoi` on seconds: what stands behind the digits is not looked at, `500ms` is 500 s. */
export function parseAtoiSeconds(text: string): Duration {
  const match = /^\s*(\d+)/.exec(text)
  return match ? { ok: true, ms: Number(match[1]) * 1000 } : bad
}

/** Apache: seconds, or with ms, s, mi/min, h. */
export function parseApacheTime(text: string): Duration {
  return parseSimple(text.toLowerCase(), { ms: 1, s: 1000, mi: 60_000, min: 60_000, m: 60_000, h: 3_600_000, us: 1e-3 }, 1000)
}

/** Varnish: a bare number is seconds; ms s m h d w y. */
export function parseVarnishTime(text: string): Duration {
  return parseSimple(text, { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 }, 1000)
}

/** Squid: a number and a word: `1 second`, `15 minutes`. */
export function parseSquidTime(text: string): Duration {
  const match = /^(\d+(?:\.\d+)?)\s*(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d|weeks?|w|fortnights?|months?|years?|decades?)?$/i.exec(text.trim())
  if (!match) return bad
  const word = (match[2] ?? 'seconds').toLowerCase()
  const factor = /^(?:ms|mill|msec)/.test(word) ? 1 : /^s/.test(word) ? 1000 : /^mo/.test(word) ? 2_592_000_000 : /^m/.test(word) ? 60_000 : /^h/.test(word) ? 3_600_000 : /^de/.test(word) ? 315_360_000_000 : /^d/.test(word) ? 86_400_000 : /^w/.test(word) ? 604_800_000 : /^f/.test(word) ? 1_209_600_000 : 31_536_000_000
  return { ok: true, ms: Number(match[1]) * factor }
}

/** Seconds without a unit, as uWSGI, gunicorn, lighttpd and stunnel count. */
export function parseSeconds(text: string): Duration {
  const trimmed = text.trim()
  return /^\d+(?:\.\d+)?$/.test(trimmed) ? { ok: true, ms: Number(trimmed) * 1000 } : bad
}

/** systemd and many YAML formats: `30s`, `1min 30s`, bare seconds. */
export function parseSystemdTime(text: string): Duration {
  const units: Record<string, number> = { us: 1e-3, usec: 1e-3, ms: 1, msec: 1, s: 1000, sec: 1000, second: 1000, seconds: 1000, m: 60_000, min: 60_000, minute: 60_000, minutes: 60_000, h: 3_600_000, hr: 3_600_000, hour: 3_600_000, hours: 3_600_000, d: 86_400_000, day: 86_400_000, days: 86_400_000 }
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/gi)]
  if (parts.length === 0 || parts.some((part) => (part[2] ?? '') !== '' && units[(part[2] ?? '').toLowerCase()] === undefined)) return bad
  return { ok: true, ms: parts.reduce((sum, part) => sum + Number(part[1]) * (units[(part[2] ?? '').toLowerCase()] ?? 1000), 0) }
}

/** Protobuf durations in YAML and JSON (Envoy, Istio): `15s`, `0.5s`, `500ms` where Istio allows it. */
export function parseProtoDuration(text: string): Duration {
  return /^\d+(?:\.\d+)?s$/.test(text.trim()) ? { ok: true, ms: Number(text.trim().slice(0, -1)) * 1000 } : parseGoDuration(text)
}

export function msOf(duration: Duration): number | null {
  return duration.ok ? duration.ms : null
}
