import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Draft } from '../../../shared/bridge/contract.ts'
import type { ServedEngine } from './served-engine.ts'

/** Texts that are numbered as they are sent: what is found later has to be one of those that came last, whole. */
interface Numbered { sent: number; acknowledged: number }

/** What an engine has promised to keep, by having answered. */
export interface Promises {
  readonly draft: Numbered
  readonly file: Numbered
  /** Kept runs that were read back once: a print of their record, and their number in the history. */
  readonly runs: Map<string, { print: string; number: number; lines: number }>
  readonly pinned: Set<string>
}

/** How many runs without a pin stay; low, so that every round prunes. */
export const keptRuns = 12

export function noPromises(): Promises {
  return { draft: { sent: 0, acknowledged: 0 }, file: { sent: 0, acknowledged: 0 }, runs: new Map(), pinned: new Set() }
}

/** The text with that number: long enough for a write that is cut in the middle to be seen. */
export function textOf(number: number): string {
  return `# ${number}\ndef transform(input_data):\n    return {"number": ${number}}\n${`# line of text ${number}\n`.repeat(400)}`
}

export function draftOf(number: number): Draft {
  return { scriptPath: null, scriptName: 'draft.py', scriptText: textOf(number), inputText: '{}', limits: {}, profile: 'transformation-service' }
}

export function printOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/** Checks every promise against an engine that has started again. Returns what was broken, in sentences. */
export async function brokenPromises(promises: Promises, engine: ServedEngine, scriptPath: string): Promise<string[]> {
  const { state } = await engine.call('historyState')
  return [
    ...(state.on && state.notice === null ? [] : [`the history opened with trouble: ${JSON.stringify(state)}`]),
    ...brokenText('the draft', promises.draft, (await engine.call('loadDraft'))?.scriptText ?? null),
    ...brokenText('the saved file', promises.file, await readFile(scriptPath, 'utf8').catch(() => null)),
    ...await brokenRuns(promises, engine),
  ]
}

function brokenText(what: string, { sent, acknowledged }: Numbered, found: string | null): string[] {
  if (found === null) return acknowledged === 0 ? [] : [`${what} is gone; number ${acknowledged} was acknowledged`]
  const number = Number(/^# (\d+)/.exec(found)?.[1])
  if (found !== textOf(number)) return [`${what} is torn: ${found.length} characters, beginning with ${JSON.stringify(found.slice(0, 30))}`]
  return number >= acknowledged && number <= sent ? [] : [`${what} has number ${number}; acknowledged was ${acknowledged}, sent ${sent}`]
}

async function brokenRuns({ runs, pinned }: Promises, engine: ServedEngine): Promise<string[]> {
  const broken: string[] = []
  const listed = (await engine.call('historyList', { count: 1000 })).runs
  for (const [id, { print, number, lines }] of runs) {
    const kept = await engine.call('historyGet', id)
    if (!kept) {
      // Pruning took it, as it was told to; newer runs that have a pin now may have had none then.
      const newer = listed.filter((run) => run.number > number).length
      if (!pinned.has(id) && newer >= keptRuns) runs.delete(id)
      else broken.push(`run ${id} (number ${number}, ${pinned.has(id) ? 'pinned' : `${newer} newer ones`}) is gone`)
      continue
    }
    if (printOf(kept.record) !== print) broken.push(`run ${id} reads differently`)
    if (pinned.has(id) && !kept.pinned) broken.push(`run ${id} lost its pin`)
    const rows = await engine.call('logRows', { runId: id, from: Math.max(0, lines - 1), count: 2, filter: null }).catch((error: unknown) => (error as Error).message)
    if (typeof rows === 'string') broken.push(`the log of run ${id} cannot be read: ${rows}`)
    else if (rows.total !== lines || rows.rows.length !== 1) broken.push(`the log of run ${id} has ${rows.total} of ${lines} lines`)
  }
  return broken
}
