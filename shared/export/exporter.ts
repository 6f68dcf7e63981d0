import type { SavedRun } from '../run/record.ts'

export interface ExportOptions {
  /** When the file is made, for those formats that say so; ISO 8601. */
  exportedAt: string
  /** Version of Cutoff that makes it. */
  version: string
}

/** One format to write a run in. Gets a run that is redacted already (or is meant not to be). Total: any valid run gives a text. */
export interface Exporter {
  readonly id: string
  /** What a menu calls it. */
  readonly title: string
  /** Ending of the file's name, without the dot. */
  readonly extension: string
  readonly mediaType: string
  /** Which lines of the log it writes: all, or so many from each end. Absent: none; then nobody takes the trouble to redact them. */
  readonly log?: 'all' | { readonly head: number; readonly tail: number }
  toText(run: SavedRun, options: ExportOptions): string
}
