import type { RunEvent, LogLevel, LogSource, FieldValue } from '../run/event.ts'
import type { JsonValue, RunPlan } from '../run/plan.ts'
import type { ProxyEngine } from '../flow/layers.ts'
import type { Profile } from '../flow/profiles.ts'
import type { HistoryPage, HistoryQuery, HistoryState, KeptRun, Retention } from '../run/history.ts'
import type { Readings } from '../limits/readings.ts'
import type { RunRecord } from '../run/record.ts'
import type { HostQuestion } from './host-commands.ts'
import type { DeskDraft, DeskExcerpt, DeskQuestion, DeskResult, DeskRole, DeskStatus } from './desk.ts'
import type { ScriptCase } from '../cases/script-case.ts'

/**
 * The one typed contract between engine and screen. A call is a request with an answer; a push goes one way, engine to screen.
 * Add a call by adding a line here, its argument schema in `schemas.ts`, and following the compiler.
 */
export interface Calls {
  /** First call of a screen: what it needs to draw itself. */
  hello: { args: []; result: Hello }
  /** Starts a run; facts follow as `events` pushes with this id. */
  startRun: { args: [plan: RunPlan]; result: { runId: string } }
  /** The user's Stop: the client leaves now. */
  stopRun: { args: [runId: string]; result: null }
  /** Rows of a run's log, by window. */
  logRows: { args: [query: LogQuery]; result: LogPage }
  /** Fresh readings of the machine. */
  doctor: { args: [options: { python: string | null }]; result: Readings }
  /** Reads a script from disk. */
  readScript: { args: [path: string]; result: { path: string; name: string; text: string } }
  /** Writes a script (fsync and rename), with the line ends that its file had. */
  writeScript: { args: [path: string, text: string]; result: null }
  /** Keeps what the user typed through a crash; acknowledged once it is on disk. */
  saveDraft: { args: [draft: Draft]; result: { savedAt: string } }
  /** The draft that was saved last, whichever window's it is. */
  loadDraft: { args: []; result: Draft | null }
  /** A window starts: its own draft, with what windows that are gone have left. */
  openDraft: { args: [window: DraftWindow]; result: Draft | null }
  /** Kept runs, newest first. */
  historyList: { args: [query: HistoryQuery]; result: HistoryPage }
  /** One kept run, as it was; null if it is not there (any more). Its log answers `logRows` under its id. */
  historyGet: { args: [id: string]; result: KeptRun | null }
  historyPin: { args: [id: string, pinned: boolean]; result: boolean }
  /** Takes runs out of the list; `historyRestore` brings them back for ten minutes. Returns the ids that were there. */
  historyRemove: { args: [ids: string[]]; result: string[] }
  historyRestore: { args: [ids: string[]]; result: string[] }
  /** Is history on, what stays, and what it has to tell. */
  historyState: { args: []; result: { state: HistoryState; retention: Retention | null } }
  /** Sets what stays. What it no longer holds is taken out as by `historyRemove`; returns the ids. */
  setRetention: { args: [retention: Retention]; result: string[] }
  /** A kept run in another format. Secrets are redacted unless asked otherwise. */
  exportRun: { args: [request: { id: string; format: string; withSecrets: boolean }]; result: ExportedRun }
  /** A run that somebody saved or exported as JSON: kept from now on. */
  importRun: { args: [text: string]; result: KeptRun }
  /** As `importRun`, from a file on disk. */
  importRunFile: { args: [path: string]; result: KeptRun }
  /** The record of a run that has ended; null while it goes on, or when nobody knows it. */
  runRecord: { args: [runId: string]; result: RunRecord | null }
  /** Named inputs of a script with what should come of them; `script` is its path, or its name while it has no file. */
  loadCases: { args: [script: string]; result: ScriptCase[] }
  /** `before`: as this screen knew them; what others have changed since then stays changed. Returns what they are now. */
  saveCases: { args: [script: string, cases: ScriptCase[], before: ScriptCase[]]; result: ScriptCase[] }
  /** Watches these scripts on disk from now on, and no others; changes come as `scriptChanged`. */
  watchScripts: { args: [paths: string[]]; result: null }
  /** The profiles that come with Cutoff, the default first. */
  profiles: { args: []; result: Profile[] }
  /** Reads a profile file; rejects with the lines that are wrong. */
  readProfile: { args: [path: string]; result: Profile }
  /** Text of the log for copying or saving, at most `maxBytes`; with `columns`, who wrote each line and when. Secrets are redacted unless asked otherwise. */
  logText: { args: [query: LogTextQuery]; result: { text: string; truncated: boolean } }

  /** The diagnosis desk: configurations and logs of a real system, kept between starts. Changes come as `desk`. */
  deskStatus: { args: []; result: DeskStatus }
  /** The diagnosis of what is on the desk, with the requests that its logs know. */
  deskResult: { args: []; result: DeskResult }
  /** Files and folders by their paths. */
  deskAdd: { args: [paths: string[], role: DeskRole]; result: null }
  /** Content that comes in pieces (base64, in order): begin, send, finish; or `deskRemove` to give up. */
  deskBegin: { args: [name: string, role: DeskRole]; result: { id: string } }
  deskSend: { args: [id: string, base64: string]; result: null }
  deskFinish: { args: [id: string]; result: null }
  /** A text that was pasted or typed, with a name for it. */
  deskPaste: { args: [name: string, text: string, role: DeskRole]; result: null }
  /** Keeps what a window's forms hold through a crash; null once it was added or thrown away. */
  deskDraft: { args: [draft: DeskDraft | null, window: string | null]; result: null }
  /** A window opens the desk: what its forms held, with what windows that are gone have left in theirs. */
  deskOpenDraft: { args: [window: DraftWindow]; result: DeskDraft | null }
  /** The files of an example that comes with the app. */
  deskExample: { args: []; result: null }
  /** Follows a growing log file, from its beginning or its end; again for one that was stopped. */
  deskFollow: { args: [path: string, from: 'start' | 'end']; result: null }
  deskUnfollow: { args: [id: string]; result: null }
  /** Takes inputs off the desk; `deskRestore` brings them back until the engine ends. */
  deskRemove: { args: [ids: string[]]; result: null }
  deskRestore: { args: [ids: string[]]; result: null }
  /** Reads an input again: it was cancelled, it failed, its file has changed. */
  deskReread: { args: [id: string]; result: null }
  /** Stops the reading under way; what was read stays. */
  deskCancel: { args: []; result: null }
  deskAsk: { args: [question: DeskQuestion]; result: null }
  /** Lines around one of a source, as `file:line` names it; null if it is not on the desk (any more). */
  deskExcerpt: { args: [file: string, line: number]; result: DeskExcerpt | null }
}

export interface Pushes {
  /** New facts of a run, batched (at most one push every 33 ms per run). */
  events: { runId: string; events: RunEvent[] }
  /** The log grew; the screen asks for the rows it shows. */
  logGrew: { runId: string; lines: number; counts: Partial<Record<LogSource, number>> }
  /** Machine readings while somebody watches. */
  readings: Readings
  /** A watched script was written by somebody else; null: its file is gone. */
  scriptChanged: { path: string; text: string | null }
  /** Something on the diagnosis desk changed. */
  desk: DeskStatus
  /** The host asks the screen for something the user chose elsewhere (menu, second instance). */
  command: { name: string; value: JsonValue }
}

export type CallName = keyof Calls
export type PushName = keyof Pushes
export type CallArgs<C extends CallName> = Calls[C]['args']
export type CallResult<C extends CallName> = Calls[C]['result']

/** What every host offers a screen: IPC in Electron, WebSocket in a browser. */
export interface Bridge {
  call<C extends CallName>(name: C, ...args: CallArgs<C>): Promise<CallResult<C>>
  on<P extends PushName>(name: P, listener: (value: Pushes[P]) => void): () => void
  /** Host: `desktop` or `web`. */
  readonly host: 'desktop' | 'web'
  /** Asks the host for a dialog of the system, with a name or path to begin with; missing where it has none. */
  readonly ask?: (what: HostQuestion, value: string) => void
}

/** Most bytes of one call from a browser: a saved run holds 64 MB of log, each quote in it becomes two to four characters on its way. */
export const mostBridgeBytes = 256 * 1024 ** 2

/** How a failed call reaches the screen: what happened, where, what to do. */
export interface CallError { code: string; message: string; hint: string | null; where: string | null }

export interface Hello {
  version: string
  host: 'desktop' | 'web'
  platform: string
  samples: { id: string; name: string; title: string; /** one sentence: what happens, and why it surprises */ about: string; tag: string; text: string; input: JsonValue; limits: Record<string, string> }[]
  python: { path: string; version: string } | null
  /** What this machine cannot enforce, each with the reason. */
  missing: { limitId: string; reason: string }[]
  /** Proxies that are not installed on this machine, each with how to get it. */
  notInstalled: { engine: ProxyEngine; hint: string }[]
}

export interface Draft {
  scriptPath: string | null; scriptName: string; scriptText: string; inputText: string; limits: Record<string, string>; profile: string
  /** All open scripts, the one above among them at `active`; missing in drafts of older versions. */
  tabs?: DraftTab[]
  active?: number
  /** How they are run, besides limits and profile; missing in drafts of older versions. */
  flow?: Pick<RunPlan, 'proxies' | 'faults' | 'python' | 'propagateCancel' | 'stacks'>
  /** Profiles that did not come with the engine: loaded from a file, or from a run. */
  loadedProfiles?: Profile[]
  /** Whose it is, by the name that a window gave itself; missing: the desktop app's. */
  window?: string
  /** What came from windows that are gone and has not been dealt with yet. */
  takenOver?: TakenOver
}
/** How scripts are run in a window: what of a draft is no script. */
export type DraftSettings = Pick<Draft, 'limits' | 'profile' | 'flow'>
/**
 * `scripts`: how many stand behind the window's own. `settings`: those that are not the window's own, to be used or discarded. `copied`: the whole
 * draft is a copy of what another engine holds that is at work on the same data.
 */
export interface TakenOver { scripts: number; settings: DraftSettings[]; copied?: true }
/** A window that starts (null: the desktop app's, which has no name), and the names of those that are there besides. */
export interface DraftWindow { window: string | null; present: string[] }
export interface DraftTab { path: string | null; name: string; text: string; inputName: string; inputText: string; /** missing in drafts of older versions */ runOnSave?: boolean }

/** A run as text in some format, with a name for its file. */
export interface ExportedRun { fileName: string; mediaType: string; text: string }

/**
 * Which rows: all rows of a run, narrowed by source, level and text. A regular expression has `regex: true`.
 * `levels`: missing or null for all; a null in it stands for lines without a level, which is what a script writes.
 */
export interface LogFilter { text: string; regex: boolean; sources: LogSource[] | null; levels?: (LogLevel | null)[] | null }
export interface LogQuery { runId: string; from: number; count: number; filter: LogFilter | null }
export interface LogTextQuery extends LogQuery { maxBytes: number; columns?: LogColumns | null; withSecrets?: boolean }
/** Time, source and level stand before every line, tabs between them. `zeroMs`: the request's time since 1970, for times of the day; null for ms since the request. */
export interface LogColumns { zeroMs: number | null }
export interface LogRow {
  /** Number of the line in the whole log, from 0. */
  line: number
  atMs: number
  source: LogSource
  level: LogLevel | null
  /** At most 16 KiB of it; `cut` tells that there is more. */
  text: string
  cut: boolean
  fields: Record<string, FieldValue> | null
}
export interface LogPage { rows: LogRow[]; /** rows that match the filter (so far, while a scan goes on) */ total: number; scanning: boolean; /** share of the log that has been searched, 0..1; only while scanning */ progress?: number; /** why a regular expression was refused */ error: string | null }
