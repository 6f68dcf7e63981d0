import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Draft } from '../../../shared/bridge/contract.ts'
import type { ServedEngine } from './served-engine.ts'

/** Texts that are numbered as they are sent: what is found later has to be one of those that came last, whole. */
interface Numbered { sent: number; acknowledged: number }

/** Who types: two windows, and a script of somebody's that names no window. */
export const typists = ['window-one', 'window-two', 'no-window'] as const
export type Typist = (typeof typists)[number]

/** What an engine has promised to keep, by having answered. */
export interface Promises {
  /** What each of them types. */
  readonly drafts: Readonly<Record<Typist, Numbered>>
  readonly file: Numbered
  /** Kept runs that were read back once: a print of their record, and their number in the history. */
  readonly runs: Map<string, { print: string; number: number; lines: number }>
  readonly pinned: Set<string>
}

/** How many runs without a pin stay; low, so that every round prunes. */
export const keptRuns = 12

export function noPromises(): Promises {
  const none = () => ({ sent: 0, acknowledged: 0 })
  return { drafts: { 'window-one': none(), 'window-two': none(), 'no-window': none() }, file: none(), runs: new Map(), pinned: new Set() }
}

/** The text with that number: long enough for a write that is cut in the middle to be seen. */
export function textOf(number: number, typist?: Typist): string {
  return `# ${number}${typist ? ` of ${typist}` : ''}\ndef transform(input_data):\n    return {"number": ${number}}\n${`# line of text ${number}\n`.repeat(400)}`
}

/** A draft with these scripts. */
export function draftOf(texts: readonly string[]): Draft {
  const [scriptText = ''] = texts
  const tabs = texts.map((text) => ({ path: null, name: 'draft.py', text, inputName: 'input.json', inputText: '{}' }))
  return { scriptPath: null, scriptName: 'draft.py', scriptText, inputText: '{}', limits: {}, profile: 'transformation-service', tabs, active: 0 }
}

/** The last script of each of these typists in a draft. */
export function lastTexts(draft: Draft | null, of: readonly Typist[] = typists): string[] {
  const texts = (draft?.tabs ?? []).map(({ text }) => text)
  return of.flatMap((typist) => texts.filter((text) => text.startsWith(`# ${numberOf(text)} of ${typist}\n`)).toSorted((one, other) => numberOf(other) - numberOf(one)).slice(0, 1))
}

function numberOf(text: string): number {
  return Number(/^# (\d+)/.exec(text)?.[1])
}

export function printOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}

/** Checks every promise against an engine that has started again. Returns what was broken, in sentences. */
export async function brokenPromises(promises: Promises, engine: ServedEngine, scriptPath: string): Promise<string[]> {
  const { state } = await engine.call('historyState')
  return [
    ...(state.on && state.notice === null ? [] : [`the history opened with trouble: ${JSON.stringify(state)}`]),
    ...await brokenDrafts(promises, engine),
    ...brokenText('the saved file', promises.file, await readFile(scriptPath, 'utf8').catch(() => null)),
    ...await brokenRuns(promises, engine),
  ]
}

/** A window that starts when all others are gone has what each of them held. */
async function brokenDrafts({ drafts }: Promises, engine: ServedEngine): Promise<string[]> {
  const opened = await engine.call('openDraft', { window: 'window-one', present: [] })
  return typists.flatMap((typist) => brokenText(`the draft of ${typist}`, drafts[typist], lastTexts(opened, [typist])[0] ?? null, typist))
}

function brokenText(what: string, { sent, acknowledged }: Numbered, found: string | null, typist?: Typist): string[] {
  if (found === null) return acknowledged === 0 ? [] : [`${what} is gone; number ${acknowledged} was acknowledged`]
  const number = numberOf(found)
  if (found !== textOf(number, typist)) return [`${what} is torn: ${found.length} characters, beginning with ${JSON.stringify(found.slice(0, 30))}`]
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
