import { formatMs } from '../../limits/units.ts'
import type { SavedRun } from '../../run/record.ts'
import { stateNames } from '../../stacks/states.ts'
import { html, type Markup } from './markup.ts'
import { counted } from '../../text/counted.ts'

const mostLines = 12
const mostImports = 8

/** Where Python was: the heaviest lines with their text, how the time was split, the slowest imports, and the traceback of a failure. */
export function stacksSection(run: SavedRun): Markup | false {
  const { stacks } = run.record
  const traceback = run.events.find((event) => event.type === 'script_error')?.error.traceback ?? ''
  const lines = (stacks?.lines ?? []).filter((line) => line.ownMs > 0).slice(0, mostLines)
  if (lines.length === 0 && traceback === '' && !stacks?.lastStack) return false
  return html`<section><h2>Python<small>Where was the script?</small></h2>
${stacks && html`<p class="explanation">${howOf(stacks)}</p>`}
${lines.length > 0 && html`<div class="scroll" tabindex="0" role="group" aria-label="Time by line"><table><thead><tr><th>Time</th><th>Doing</th><th>Line</th><th>Text</th></tr></thead><tbody>
${lines.map((line) => html`<tr><td class="number">${formatMs(line.ownMs)}</td><td>${line.computingMs > line.waitingMs ? 'computing' : 'waiting'}</td><td><code>${baseOf(line.file)}:${line.line}</code></td><td><code>${line.source?.trim() ?? `in ${line.function}`}</code></td></tr>`)}
</tbody></table></div>`}
${stacks && importsOf(stacks.imports)}
${traceback !== '' && html`<h3>Traceback</h3><pre>${traceback}</pre>`}</section>`
}

type Stacks = NonNullable<SavedRun['record']['stacks']>

function howOf({ samples, method, off, rate, split, lastStack }: Stacks): string {
  const waits = Object.entries(split.byState).filter(([state]) => state !== 'computing').toSorted((a, b) => b[1] - a[1]).map(([state, ms]) => `${formatMs(ms)} ${stateNames[state as keyof typeof stateNames]}`)
  const time = samples === 0 ? '' : ` Of the main thread’s time ${[`${formatMs(split.computingMs)} computing`, ...waits].join(', ')}.`
  const last = lastStack === null ? '' : ` Last ${lastStack.reason === 'cut' ? 'stack taken at the cut' : `seen ${formatMs(lastStack.ageMs)} before the end`}${lastStack.state === null ? '' : `, ${stateNames[lastStack.state as keyof typeof stateNames] ?? lastStack.state}`}.`
  return `${method === 'off' ? `Not sampled: ${off ?? 'sampling was off'}.` : `${counted(samples, 'sample')}, ${rate} asked for per second, ${method === 'external' ? 'read from outside the process' : 'taken by a thread in the process'}.`}${time}${last}`
}

/** The slowest of those that the script itself asked for. */
function importsOf(imports: Stacks['imports']): Markup | false {
  const slowest = imports.filter(({ depth }) => depth === 0).toSorted((a, b) => b.totalMs - a.totalMs).slice(0, mostImports)
  return slowest.length > 0 && html`<h3>Imports</h3><ul>${slowest.map(({ module, totalMs }) => html`<li><code>${module}</code> ${formatMs(totalMs)}</li>`)}</ul>`
}

function baseOf(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
}
