import type { EventOf, LogSource } from '../../run/event.ts'
import type { LogOrigin, SavedRun } from '../../run/record.ts'
import { toneOf } from './layers.ts'
import { html, type Markup } from './markup.ts'
import { counted } from '../../text/counted.ts'

/** Lines shown from each end; in between the report says how many are missing. */
const head = 200
const tail = 800
export const logEnds = { head, tail }
const mostCharacters = 2000

/** The log, its beginning and its end where it is long. */
export function logSection({ log, logOrigins, leftOut, events }: SavedRun): Markup {
  const messages = new Map(events.filter((event): event is EventOf<'log'> => event.type === 'log').map((event) => [event.line, event]))
  const line = (text: string, number: number) => lineOf(text, messages.get(number), originOf(logOrigins, number))
  const isLong = log.length > head + tail
  const first = isLong ? log.slice(0, head) : log
  const last = isLong ? log.slice(-tail) : []
  return html`<section><h2>Log<small>${log.length.toLocaleString('en')} ${log.length === 1 ? 'line' : 'lines'}</small></h2>
${log.length === 0 ? html`<p class="explanation">Nothing was logged.</p>` : html`<div class="log" tabindex="0" role="log" aria-label="Log">${first.map(line)}${isLong && html`<div class="gap">… ${counted(log.length - head - tail, 'line', 'lines', (log.length - head - tail).toLocaleString('en'))} left out; ${leftOut ? `the JSON export has all but ${leftOut.lines.toLocaleString('en')} of them` : 'the JSON export has all of them'}</div>`}${last.map((text, index) => line(text, log.length - tail + index))}</div>`}</section>`
}

function lineOf(text: string, message: EventOf<'log'> | undefined, origin: { atMs: number; source: LogSource } | null): Markup {
  const source = message?.source ?? origin?.source ?? null
  const atMs = message?.atMs ?? origin?.atMs ?? null
  const isProblem = message?.level === 'error' || message?.level === 'warn'
  const shown = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}… (${text.length.toLocaleString('en')} characters)` : text
  return html`<div class="${isProblem && message?.level}"><span class="at">${atMs === null ? '' : atMs.toFixed(1)}</span><span style="color:var(--${source === null ? 'ink-3' : toneOf(source)})">${source}</span><span>${message && shown.startsWith(message.message) ? html`${message.message}<span class="fields">${shown.slice(message.message.length)}</span>` : shown}</span></div>`
}

/** Who wrote a line, where the run was saved with that knowledge. */
function originOf(origins: readonly LogOrigin[] | undefined, line: number): { atMs: number; source: LogSource } | null {
  if (!origins || origins.length === 0) return null
  let low = 0
  let high = origins.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (origins[middle]![0] <= line) low = middle + 1
    else high = middle
  }
  const found = origins[low - 1]
  return found ? { atMs: found[1], source: found[2] } : null
}
