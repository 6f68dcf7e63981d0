const months: Record<string, number> = { Jan: 0, Feb: 1, Mar: 2, Apr: 3, May: 4, Jun: 5, Jul: 6, Aug: 7, Sep: 8, Oct: 9, Nov: 10, Dec: 11 }

/** `23/Nov/2026:16:52:10 +0000` or `23/Nov/2026:16:53:09.401`, as Apache, nginx and HAProxy write it; null if it is none. */
export function parseClfTime(text: string): number | null {
  const match = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4})[: ](\d{2}):(\d{2}):(\d{2})(\.\d+)?(?: ([+-])(\d{2}):?(\d{2}))?/.exec(text)
  if (!match) return null
  const month = months[match[2] ?? '']
  if (month === undefined) return null
  const base = Date.UTC(Number(match[3]), month, Number(match[1]), Number(match[4]), Number(match[5]), Number(match[6])) + fraction(match[7])
  return base - zone(match[8], match[9], match[10])
}

/** `2026-11-23T16:52:26.281Z`, `2026-11-23 16:52:26,281 +0000`, `2026/11/23 16:52:26`, `2026.11.23 16:52:26`; null if it is none. */
export function parseIsoTime(text: string): number | null {
  const match = /^(\d{4})[-/.](\d{2})[-/.](\d{2})[T ](\d{2}):(\d{2}):(\d{2})([.,]\d{1,9})?\s?(Z|([+-])(\d{2}):?(\d{2}))?/.exec(text)
  if (!match) return null
  const base = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]), Number(match[4]), Number(match[5]), Number(match[6])) + fraction(match[7]?.replace(',', '.'))
  return base - zone(match[9], match[10], match[11])
}

/** `Mon Nov 23 16:52:11.022095 2026`, as Apache's error log and uWSGI write it; null if it is none. */
export function parseCtime(text: string): number | null {
  const match = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2})(\.\d+)? (\d{4})/.exec(text)
  if (!match) return null
  const month = months[match[1] ?? '']
  if (month === undefined) return null
  return Date.UTC(Number(match[7]), month, Number(match[2]), Number(match[3]), Number(match[4]), Number(match[5])) + fraction(match[6])
}

/** `Nov 23 16:52:26`, without a year: of `year`, because syslog leaves it out. */
export function parseSyslogTime(text: string, year: number): number | null {
  const match = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}):(\d{2}):(\d{2})(\.\d+)?/.exec(text)
  if (!match) return null
  const month = months[match[1] ?? '']
  if (month === undefined) return null
  return Date.UTC(year, month, Number(match[2]), Number(match[3]), Number(match[4]), Number(match[5])) + fraction(match[6])
}

/** Seconds or milliseconds (or µs, ns) since 1970, by size. */
export function parseEpoch(value: number): number | null {
  if (!Number.isFinite(value) || value < 1e8) return null
  if (value < 1e11) return value * 1000
  if (value < 1e14) return value
  return value < 1e17 ? value / 1000 : value / 1e6
}

/** Any of the above at the start of the text; null if there is none. */
export function parseAnyTime(text: string): number | null {
  const epoch = /^\d{9,19}(?:\.\d+)?(?=\s|$)/.exec(text)
  if (epoch) return parseEpoch(Number(epoch[0]))
  return parseIsoTime(text) ?? parseClfTime(text) ?? parseCtime(text)
}

function fraction(text: string | undefined): number {
  return text ? Number(`0${text}`) * 1000 : 0
}

function zone(sign: string | undefined, hours: string | undefined, minutes: string | undefined): number {
  if (!sign) return 0
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return sign === '-' ? -offset : offset
}
