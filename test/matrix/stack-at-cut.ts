import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunRecord } from '../../shared/run/record.ts'

/** What the record says of where the script was when it was cut. */
export type StackJudgement = 'right' | 'missing' | 'wrong'

/**
 * A line that carries the mark `# at the cut: STATE` is where its script really is by then: its function and what it does there follow
 * from the text. Without a state any will do: a crash leaves none, and what sleeps for a
 * moment at a time is met on its way in and out as well.
 */
export interface MarkedPlace { line: number; function: string; state: string | null }

const mark = /# at the cut(?:: ([a-z]+))?$/

export function markedPlacesOf(script: string): MarkedPlace[] {
  const lines = script.split('\n')
  return lines.flatMap((text, index) => {
    const found = mark.exec(text)
    return found ? [{ line: index + 1, function: functionAround(lines, index), state: found[1] ?? null }] : []
  })
}

/** The nearest `def` above that is less deep; `<module>` at the top level. */
function functionAround(lines: readonly string[], index: number): string {
  const depth = depthOf(lines[index] ?? '')
  const definition = lines.slice(0, index).findLast((line) => /^\s*(?:async )?def \w+/.test(line) && depthOf(line) < depth)
  return /def (\w+)/.exec(definition ?? '')?.[1] ?? '<module>'
}

function depthOf(line: string): number {
  return line.length - line.trimStart().length
}

/** Between telling of a phase and the script's first line in it the wrapper runs, on a busy machine for so long (ms). */
const beginMs = { load: 150, transform: 20 }

/** Did the script run at the instant of the cut? Told by the stages and by how it ended, not by stacks. */
export function ranAtCut(record: RunRecord): boolean {
  const atMs = (id: string): number | null => record.stages.find((stage) => stage.id === id)?.atMs ?? null
  const [cut, finished] = [record.verdict.atMs, atMs('script_finished')]
  // Before the script's own code is loaded, on a busy machine for long, it is on no line of its own.
  const begunBy = (phase: 'load' | 'transform', at: number): boolean => record.spans.some((span) => span.layer === 'script' && span.name === phase && span.startMs + beginMs[phase] <= at)
  if (cut === null || record.verdict.cause === 'unknown' || !(begunBy('load', cut) || begunBy('transform', cut))) return false
  // A script that raised has left its line, which its traceback tells.
  const raised = record.stages.find((stage) => stage.id === 'script_finished')?.detail === 'failed' && record.script.exitCode !== null
  return !raised && (finished === null || finished > cut + 0.5 || record.script.signal !== null)
}

/** A script that is quick is met by a cut on any of its lines, or on none; one that has been in transform() for so long (ms) has its line. */
const stayMs = 150

function staysSomewhere(record: RunRecord): boolean {
  const transform = record.spans.find((span) => span.layer === 'script' && span.name === 'transform')
  const cut = record.verdict.atMs ?? 0
  return transform !== undefined && cut - transform.startMs > stayMs && (transform.endMs === null || transform.endMs >= cut)
}

/** Is the stack of this record the one of a marked line? Null where its script did not run at the cut, or is too quick to be met on a line. */
export async function judgeStack(script: string, record: RunRecord): Promise<{ judgement: StackJudgement; told: string } | null> {
  const places = markedPlacesOf(await readFile(join(import.meta.dirname, 'scripts', script), 'utf8'))
  if (!ranAtCut(record)) return null
  if (places.length === 0) return staysSomewhere(record) ? { judgement: 'wrong', told: `${script} stays on some line, and none is marked "# at the cut: STATE"` } : null
  const stack = record.stacks?.lastStack
  const told = `expected ${places.map((place) => `${place.function}:${place.line} ${place.state ?? ''}`).join(' or ')}, found ${JSON.stringify(stack)} (${record.stacks?.method ?? 'no method'}${record.stacks?.off ? `: ${record.stacks.off}` : ''}, ${record.stacks?.samples ?? 0} samples, cut at ${record.verdict.atMs} ms)`
  const frame = stack?.frames.find(({ file }) => file.endsWith(`/${script}`))
  if (!stack || !frame) return { judgement: 'missing', told }
  const isThere = places.some((place) => place.line === frame.line && place.function === frame.function && (place.state === null || place.state === stack.state))
  const hasAge = stack.reason === 'cut' ? stack.ageMs === 0 : stack.ageMs > 0 && stack.ageMs < record.elapsedMs
  return { judgement: isThere && hasAge ? 'right' : 'wrong', told }
}
