import { stageIds } from '../../../shared/flow/layers.ts'
import { formatBytes, formatMs, formatValue } from '../../../shared/limits/units.ts'
import type { LogRow } from '../../../shared/bridge/contract.ts'
import type { KeptRun } from '../../../shared/run/history.ts'
import { exactInputOf, exactOutputOf } from '../../../shared/run/exact-json.ts'
import type { JsonValue } from '../../../shared/run/plan.ts'
import type { RunLimit, RunRecord } from '../../../shared/run/record.ts'
import { scriptTextIn } from '../../../shared/run/script-text.ts'
import { jsonDiff } from '../../../shared/cases/json-diff.ts'
import { loneLines } from './compare-lines.ts'
import { comparedLines, compareLogs } from './compare-logs.ts'
import { plainText } from '../../../shared/text/plain-text.ts'
import { exactMs, groupedOf } from '../../ui/numbers.ts'

/** One line of the comparison. `differs`: beyond noise. */
export interface CompareRow { name: string; a: string; b: string; delta: string; differs: boolean }
/** `code`: its cells are lines of text, indentation included. */
export interface CompareSection { title: string; rows: CompareRow[]; code?: boolean }
export interface Comparison { headline: string; sub: string; sections: CompareSection[]; differences: number }

/** Two runs of the same thing differ by this much without a reason: ms, and a share of the larger. */
const noiseMs = 10
const noiseShare = 0.05
/** Differences of output and of log shown at most. */
const mostRows = 60

/** Everything two runs have in common and everything they have not. Pure; B is compared with A; `logs` are the beginnings of theirs. */
export function compareRuns(a: KeptRun, b: KeptRun, logs: { a: readonly LogRow[]; b: readonly LogRow[] } | null = null): Comparison {
  const texts = { a: scriptTextIn(a.events), b: scriptTextIn(b.events) }
  const sections = [planSection(a.record, b.record, texts), limitSection(a.record, b.record), stageSection(a.record, b.record), spanSection(a.record, b.record), resourceSection(a, b), outputSection(exactOutputOf(a.record), exactOutputOf(b.record)), scriptSection(texts), ...(logs ? [logSection(logs.a, logs.b)] : [])].filter((section) => section.rows.length > 0)
  const differences = sections.flatMap((section) => section.rows).filter((row) => row.differs).length
  return { ...headlineOf(a.record, b.record, sections[0] ?? { title: '', rows: [] }, differences), sections, differences }
}

function headlineOf(a: RunRecord, b: RunRecord, plan: CompareSection, differences: number): { headline: string; sub: string } {
  const planRows = plan.rows.filter((row) => row.differs)
  const ends = `A ${endOf(a)}, B ${endOf(b)}.`
  const sameEnd = a.verdict.cause === b.verdict.cause
  const faster = b.elapsedMs - a.elapsedMs
  const timing = `${ends} B took ${faster >= 0 ? `${formatMs(Math.round(faster))} longer` : `${formatMs(Math.round(-faster))} less`}.`
  const only = planRows[0]
  if (planRows.length === 1 && only) {
    const what = only.name === scriptChanged ? 'the script was changed between them' : `A has ${only.name} ${only.a}, B has ${only.b === 'no limit' ? 'none' : only.b}`
    return { headline: sameEnd ? `One difference in the plan, and the same end: ${what}.` : `One difference decides it: ${what}.`, sub: `Everything else of the plan is the same. ${timing}` }
  }
  if (planRows.length > 1) return { headline: `${planRows.length} differences in the plan: ${planRows.slice(0, 3).map((row) => row.name).join(', ')}${planRows.length > 3 ? ' and more' : ''}.`, sub: timing }
  if (sameEnd) return { headline: differences === 0 ? 'Nothing differs beyond noise.' : 'The same plan and the same end, at another pace.', sub: timing }
  return { headline: 'The same plan ended differently.', sub: `${timing} What differs lies outside the plan: the machine, the timing, or chance.` }
}

function endOf(record: RunRecord): string {
  if (record.outcome === 'completed') return `completed in ${formatMs(Math.round(record.elapsedMs))}`
  return `${record.outcome === 'cut' ? 'was cut by' : 'failed with'} ${record.verdict.cause} at ${formatMs(Math.round(record.verdict.atMs ?? record.elapsedMs))}`
}

/** The scripts that two runs ran; null where that was not kept. */
interface Texts { a: string | null; b: string | null }

/** The row of the plan that says that the two runs ran other lines; which ones stands in a section of its own. */
const scriptChanged = 'script text'

function planSection(a: RunRecord, b: RunRecord, texts: Texts): CompareSection {
  const ids = [...new Set([...a.limits, ...b.limits].map((limit) => limit.id))]
  const limits = ids.map((id) => limitRow(id, a.limits.find((limit) => limit.id === id), b.limits.find((limit) => limit.id === id)))
  const rows = limits.filter((row) => row.differs)
  const same = limits.length - rows.length
  const facts: [string, string, string][] = [
    ['script', a.plan.script.name, b.plan.script.name], ['input', short(exactInputOf(a.plan)), short(exactInputOf(b.plan))], ['profile', a.plan.profile, b.plan.profile], ['proxies', a.plan.proxies.join(', ') || 'none', b.plan.proxies.join(', ') || 'none'],
    ['faults', a.plan.faults.map((fault) => fault.text).join(', ') || 'none', b.plan.faults.map((fault) => fault.text).join(', ') || 'none'], ['python', a.plan.python ?? 'found', b.plan.python ?? 'found'],
    ['a client that leaves', a.plan.propagateCancel ? 'cancels the script' : 'leaves it running', b.plan.propagateCancel ? 'cancels the script' : 'leaves it running'],
  ]
  const { a: textA, b: textB } = texts
  for (const [name, left, right] of facts) {
    const differs = name === 'input' ? JSON.stringify(exactInputOf(a.plan)) !== JSON.stringify(exactInputOf(b.plan)) : left !== right
    if (differs) rows.push({ name, a: left, b: right, delta: 'changed', differs: true })
  }
  if (textA !== null && textB !== null && textA !== textB) rows.push({ name: scriptChanged, a: linesIn(textA), b: linesIn(textB), delta: 'changed', differs: true })
  else if (textA === null || textB === null) rows.push({ name: scriptChanged, a: textA === null ? 'not kept' : linesIn(textA), b: textB === null ? 'not kept' : linesIn(textB), delta: 'not known', differs: false })
  const rest = [...(a.plan.script.name === b.plan.script.name ? [a.plan.script.name] : []), `${same} ${same === 1 ? 'limit' : 'limits'}`]
  rows.push({ name: rows.length === 0 ? 'whole plan' : 'the rest of the plan', a: rest.join(', '), b: 'the same', delta: 'same', differs: false })
  return { title: 'Plan', rows }
}

function linesIn(text: string): string {
  const count = text.replace(/\n$/, '').split('\n').length
  return `${groupedOf(count)} ${count === 1 ? 'line' : 'lines'}`
}

/** Lines that only one of the two scripts has. */
function scriptSection(texts: Texts): CompareSection {
  const [left, right] = [texts.a ?? '', texts.b ?? ''].map((text) => text.split('\n'))
  const lone = left && right && texts.a !== null && texts.b !== null ? loneLines(left, right) : []
  if (lone === null) return { title: 'Script', rows: [{ name: 'lines', a: '', b: '', delta: 'too many to tell', differs: true }] }
  return { title: 'Script', code: true, rows: lone.slice(0, mostRows).map(({ run, index }) => {
    const line = (run === 'a' ? left : right)?.[index] ?? ''
    return { name: `line ${index + 1}`, a: run === 'a' ? line : '', b: run === 'b' ? line : '', delta: run === 'a' ? 'only in A' : 'only in B', differs: true }
  }) }
}

function limitRow(id: string, a: RunLimit | undefined, b: RunLimit | undefined): CompareRow {
  const words = (limit: RunLimit | undefined) => (!limit || limit.value === null ? 'no limit' : `${formatValue(limit.value, limit.unit)}${limit.enforced ? '' : ', not enforced'}`)
  const differs = words(a) !== words(b)
  return { name: id, a: words(a), b: words(b), delta: !differs ? 'same' : words(b) === 'no limit' ? 'removed' : words(a) === 'no limit' ? 'added' : 'changed', differs }
}

/** Every limit that either run had, and what became of it. */
function limitSection(a: RunRecord, b: RunRecord): CompareSection {
  const ids = [...new Set([...a.limits, ...b.limits].map((limit) => limit.id))]
  return { title: 'Limits', rows: ids.map((id) => {
    const [left, right] = [a, b].map((record) => record.limits.find((limit) => limit.id === id))
    const row = { name: id, a: fateOf(left, a), b: fateOf(right, b) }
    // What is left of a limit differs whenever the time does; that is told by stages and spans.
    const differs = limitRow(id, left, right).differs || (left?.fired ?? false) !== (right?.fired ?? false)
    return { ...row, delta: !differs ? 'same' : (left?.fired ?? false) === (right?.fired ?? false) ? 'changed' : left?.fired ? 'fired in A' : 'fired in B', differs }
  }) }
}

/** `500 ms, fired`, `30 s, 29.5 s left`, `no limit`. */
function fateOf(limit: RunLimit | undefined, { elapsedMs }: RunRecord): string {
  if (!limit || limit.value === null) return 'no limit'
  const value = formatValue(limit.value, limit.unit)
  if (limit.fired) return `${value}, fired`
  if (!limit.enforced) return `${value}, not enforced`
  if (limit.deadlineMs === null) return value
  return `${value}, ${limit.deadlineMs > elapsedMs ? `${formatMs(Math.round(limit.deadlineMs - elapsedMs))} left` : 'passed without effect'}`
}

function timeRow(name: string, a: number | null | undefined, b: number | null | undefined, wordsA = '', wordsB = ''): CompareRow {
  const text = (ms: number | null | undefined, words: string) => (ms == null ? 'not reached' : `${exactMs(ms)}${words ? `, ${words}` : ''}`)
  const row = { name, a: text(a, wordsA), b: text(b, wordsB) }
  if (a == null && b == null) return { ...row, delta: 'same', differs: false }
  if (a == null || b == null) return { ...row, delta: a == null ? 'only in B' : 'only in A', differs: true }
  return { ...row, ...deltaOf(a, b) }
}

function deltaOf(a: number, b: number): { delta: string; differs: boolean } {
  const change = b - a
  if (Math.abs(change) < 0.05) return { delta: 'same', differs: false }
  const sign = change > 0 ? '+' : '−'
  const differs = Math.abs(change) > Math.max(noiseMs, noiseShare * Math.max(a, b))
  return { delta: `${sign}${groupedOf(Math.abs(change), 1)} ms${differs ? '' : ', noise'}`, differs }
}

function stageSection(a: RunRecord, b: RunRecord): CompareSection {
  return {
    title: 'Stages',
    rows: stageIds.map((id) => {
      const left = a.stages.find((stage) => stage.id === id)
      const right = b.stages.find((stage) => stage.id === id)
      return timeRow(id, left?.atMs, right?.atMs, left?.detail?.replaceAll('_', ' '), right?.detail?.replaceAll('_', ' '))
    }),
  }
}

/** How long each span took; spans of the same name and layer belong together. */
function spanSection(a: RunRecord, b: RunRecord): CompareSection {
  const keyOf = (span: RunRecord['spans'][number]) => `${span.layer}: ${span.name.replace(/^process \d+$/, 'process')}`
  const keys = [...new Set([...a.spans, ...b.spans].map(keyOf))].slice(0, 60)
  const lasted = (record: RunRecord, key: string) => {
    const span = record.spans.find((candidate) => keyOf(candidate) === key)
    return span ? (span.endMs ?? record.elapsedMs) - span.startMs : null
  }
  return { title: 'Spans', rows: keys.map((key) => timeRow(key, lasted(a, key), lasted(b, key))) }
}

function resourceSection(a: KeptRun, b: KeptRun): CompareSection {
  const peak = (run: KeptRun) => run.events.reduce((most, event) => (event.type === 'reading' ? Math.max(most, event.addressSpaceBytes) : most), 0)
  const bytesRow = (name: string, left: number | null, right: number | null): CompareRow => {
    const differs = left !== null && right !== null && Math.abs(left - right) > Math.max(4 * 1024 ** 2, 0.1 * Math.max(left, right))
    return { name, a: left === null ? 'unknown' : formatBytes(left), b: right === null ? 'unknown' : formatBytes(right), delta: left === null || right === null || left === right ? 'same' : `${right > left ? '+' : '−'}${formatBytes(Math.abs(right - left))}${differs ? '' : ', noise'}`, differs }
  }
  const textRow = (name: string, left: string, right: string): CompareRow => ({ name, a: left, b: right, delta: left === right ? 'same' : 'changed', differs: left !== right })
  const [peakA, peakB] = [peak(a), peak(b)]
  const cpuA = a.record.script.cpuMs
  const cpuB = b.record.script.cpuMs
  return {
    title: 'Resources and result',
    rows: [
      textRow('verdict', a.record.verdict.cause, b.record.verdict.cause),
      ...(cpuA === null && cpuB === null ? [] : [timeRow('CPU time', cpuA, cpuB)]),
      ...(peakA || peakB ? [bytesRow('address space, peak', peakA || null, peakB || null)] : []),
      bytesRow('resident, peak', a.record.script.maxRssBytes, b.record.script.maxRssBytes),
      textRow('client status', String(a.record.client.status ?? 'none'), String(b.record.client.status ?? 'none')),
      textRow('log lines', groupedOf(a.record.log.lines), groupedOf(b.record.log.lines)),
      outputRow(a.record, b.record),
    ],
  }
}

/** Where two outputs differ, place by place. */
function outputSection(a: JsonValue, b: JsonValue): CompareSection {
  const text = (value: JsonValue | undefined) => (value === undefined ? 'nothing' : short(value))
  const differences = a === null || b === null ? [] : jsonDiff(a, b).slice(0, mostRows)
  return { title: 'Output', rows: differences.map((place) => ({ name: place.path || 'the whole output', a: text(place.expected), b: text(place.actual), delta: { changed: 'changed', missing: 'only in A', extra: 'only in B' }[place.kind], differs: true })) }
}

/** Lines that only one of the two runs wrote, with when it wrote them. */
function logSection(a: readonly LogRow[], b: readonly LogRow[]): CompareSection {
  const whole = Math.max(a.length, b.length) < comparedLines
  return { code: true, title: whole ? 'Log' : `Log, the first ${comparedLines} lines`, rows: compareLogs(a, b).slice(0, mostRows).map(({ run, row }) => {
    const line = `${exactMs(row.atMs)}: ${plainText(row.text)}`
    return { name: row.source, a: run === 'a' ? line : '', b: run === 'b' ? line : '', delta: run === 'a' ? 'only in A' : 'only in B', differs: true }
  }) }
}

function outputRow(left: RunRecord, right: RunRecord): CompareRow {
  const [a, b] = [exactOutputOf(left), exactOutputOf(right)]
  // The same numbers may be written in two ways, and older runs do not know how: `1` and `1.0` are no difference.
  const same = JSON.stringify(left.output) === JSON.stringify(right.output) && jsonDiff(a, b).length === 0
  return { name: 'output', a: a === null ? 'none' : short(a), b: b === null ? 'none' : short(b), delta: same ? 'same' : a === null ? 'only in B' : b === null ? 'only in A' : 'changed', differs: !same }
}

function short(value: JsonValue): string {
  const text = JSON.stringify(value)
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
