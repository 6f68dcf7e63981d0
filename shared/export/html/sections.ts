import { flowNodes } from '../../flow/layers.ts'
import { baseOf, limitKindOf } from '../../limits/catalog.ts'
import { exactMs, formatBytes, formatMs, formatValue } from '../../limits/units.ts'
import { exactInputOf, exactOutputOf } from '../../run/exact-json.ts'
import type { RunRecord, SavedRun } from '../../run/record.ts'
import { scriptTextIn } from '../../run/script-text.ts'
import { isOwnFile } from '../../stacks/own-file.ts'
import { idleLimitsOf } from './idle-limits.ts'
import { toneOf } from './layers.ts'
import { html, type Markup } from './markup.ts'
import { counted } from '../../text/counted.ts'

/** The answer: one sentence, who it was, how we know, what followed, what to change. */
export function verdictSection({ record }: SavedRun): Markup {
  const { verdict } = record
  return html`<header class="verdict ${record.outcome}">
<div class="meta"><span class="badge ${record.outcome}">${record.outcome}</span><span>${record.plan.script.name}</span><span>${formatMs(record.elapsedMs)}</span><time datetime="${record.startedAt}">${readableTime(record.startedAt)}</time><span>Confidence ${Math.round(verdict.confidence * 100)} %</span><code>${verdict.cause}</code></div>
<h1>${verdict.headline}</h1>
<p class="explanation">${verdict.explanation}</p>
${flowOf(record)}
<div class="columns">
${listOf('How we know', verdict.evidence.map(({ text }) => text))}
${listOf('What followed', verdict.consequences)}
${listOf('What to change', verdict.fix)}
${listOf('Ruled out', verdict.alternatives.map(({ cause, why_not }) => `${cause}: ${why_not}`))}
</div></header>`
}

function listOf(title: string, items: readonly string[]): Markup | false {
  return items.length > 0 && html`<div><h2 class="small">${title}</h2><ul>${items.map((item) => html`<li>${item}</li>`)}</ul></div>`
}

function flowOf(record: SavedRun['record']): Markup {
  const present = new Set(record.spans.map((span) => toneOf(span.layer)))
  const culprit = record.verdict.layer === null ? null : toneOf(record.verdict.layer)
  return html`<ol class="flow" aria-label="The flow">${flowNodes.map((node) => {
    const isCulprit = node === culprit || (culprit === 'os' && node === 'python')
    const isAbsent = !present.has(node) && !isCulprit
    const said = isCulprit && record.outcome !== 'completed' ? record.verdict.atMs === null ? 'here' : `here, at ${formatMs(record.verdict.atMs)}` : isAbsent ? 'not in this run' : ''
    return html`<li><span><span class="node ${isAbsent && 'absent'} ${isCulprit && 'culprit'}" style="color:var(--ink);border-color:var(--${node});background:var(--${node}-fill)">${node}</span><span class="said ${isCulprit && 'culprit'}">${said}</span></span></li>`
  })}</ol>`
}

/** The five stages, reached or not. */
export function stagesOf({ record }: SavedRun): Markup {
  return html`<ol class="stages">${record.stages.map((stage) => html`<li class="${stage.atMs === null && 'missing'}"><code>${stage.id}</code><b>${stage.atMs === null ? 'not reached' : `${exactMs(stage.atMs)}${stage.detail ? `, ${stage.detail.replaceAll('_', ' ')}` : ''}`}</b></li>`)}</ol>`
}

/** Every limit, first to fire first; what would never fire stands last. */
export function limitsSection({ record }: SavedRun): Markup {
  const idle = idleLimitsOf(record)
  const fires = (limit: RunRecord['limits'][number]) => (limit.deadlineMs === null || !limit.enforced || idle.has(limit.id) ? Infinity : limit.deadlineMs)
  const inOrder = record.limits.toSorted((a, b) => (fires(a) === fires(b) ? 0 : fires(a) - fires(b)))
  return html`<section><h2>Limits<small>in the order in which they would fire</small></h2><div class="scroll" tabindex="0" role="group" aria-label="All limits"><table>
<thead><tr><th>Limit</th><th>Value</th><th>From</th><th>Counts from</th><th>Deadline</th><th>State</th></tr></thead><tbody>
${inOrder.map((limit) => html`<tr class="${limit.fired && 'fired'}"><td><code>${limit.id}</code></td><td class="number">${limit.value === null ? 'off' : formatValue(limit.value, limit.unit)}</td><td>${limit.origin}</td><td>${limitKindOf(baseOf(limit.id))?.countsFrom}</td><td class="number">${limit.deadlineMs === null ? '' : formatMs(limit.deadlineMs)}</td><td>${stateOf(limit, idle.has(limit.id))}</td></tr>`)}
</tbody></table></div></section>`
}

function stateOf(limit: RunRecord['limits'][number], isIdle: boolean): Markup | string {
  if (limit.fired) return html`<span class="fired-word">fired</span>`
  if (limit.value === null) return 'off'
  return limit.enforced ? isIdle ? 'no effect while the script runs' : '' : `not enforced${limit.why_not_enforced ? `: ${limit.why_not_enforced}` : ''}`
}

/** What was run, with what, and what came of it. */
export function planSection(run: SavedRun): Markup {
  const { record, events } = run
  const { plan, script, client } = record
  const process = events.find((event) => event.type === 'process_started')
  const facts: [string, string][] = [
    ['Profile', plan.profile],
    ['Python', process?.type === 'process_started' ? `${process.pythonVersion} (${process.python})` : 'was not started'],
    ['Proxies', plan.proxies.join(', ') || 'none'],
    ['Faults', plan.faults.map((fault) => fault.text).join(', ') || 'none'],
    ['Client', client.status === null ? `no answer (${client.ended})${client.error ? `: ${client.error}` : ''}` : `status ${client.status}, ${formatBytes(client.bytes)}`],
    ['Script', script.signal ? `ended by ${script.signal}` : script.exitCode === null ? 'was not started' : `exit ${script.exitCode}`],
    ['CPU time', script.cpuMs === null ? 'not known' : `${formatMs(script.cpuMs)}${script.wallMs === null ? '' : ` of ${formatMs(script.wallMs)}`}`],
    ['Most memory', script.maxRssBytes === null ? 'not known' : formatBytes(script.maxRssBytes)],
    ['Printed', `${formatBytes(script.stdoutBytes)} to stdout, ${formatBytes(script.stderrBytes)} to stderr`],
  ]
  const stack = script.lastStack
  const text = scriptTextIn(events)
  return html`<section><h2>The run</h2><div class="columns"><div><table><tbody>${facts.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table></div>
<div>${stack && stack.length > 0 && html`<h3>Last seen in Python</h3><ol>${stack.slice(0, 30).map((frame) => html`<li><code>${frame.function}</code>, ${isOwnFile(plan.script, frame.file) ? frame.file.split(/[\\/]/).at(-1) : frame.file}:${frame.line}</li>`)}</ol>`}
<h3>Input</h3><pre tabindex="0">${jsonOf(exactInputOf(plan))}</pre><h3>Output</h3><pre tabindex="0">${record.output === null ? 'none' : jsonOf(exactOutputOf(record))}</pre></div></div>
${text !== null && html`<details><summary>Script</summary><pre tabindex="0">${text}</pre></details>`}</section>`
}

const mostJson = 20_000

function jsonOf(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  return text.length > mostJson ? `${text.slice(0, mostJson)}\n… ${counted(text.length - mostJson, 'character')} left out; the JSON export has all of it` : text
}

/** Universal time: a report is read elsewhere. */
export function readableTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}
