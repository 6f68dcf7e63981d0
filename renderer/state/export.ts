import { downloadText } from '../ui/download.ts'
import { announce } from './announcer.ts'
import { whileBusy } from './busy.ts'
import { call, toCallError } from './engine.ts'
import { complain } from './undo.ts'

/** What a run can be written as; ids are the engine's. */
export const exportFormats: readonly { id: string; label: string; hint: string }[] = [
  { id: 'html', label: 'Report', hint: 'one HTML file that opens offline' },
  { id: 'json', label: 'Run record', hint: 'JSON; a colleague can import it' },
  { id: 'har', label: 'HAR', hint: 'for any HTTP viewer' },
  { id: 'trace', label: 'Trace', hint: 'for Perfetto or chrome://tracing' },
  { id: 'csv', label: 'Stages', hint: 'CSV' },
  { id: 'speedscope', label: 'Stacks', hint: 'for speedscope.app' },
  { id: 'collapsed', label: 'Collapsed stacks', hint: 'for flame graph tools' },
]

/** How long a run may take to be in the history after its end (ms), and how often it is asked for. */
const patienceMs = 5000
const askEveryMs = 200

/** Writes a run in a format and hands it to the user as a file. Secrets are left out unless asked for. */
export async function saveRunAs(id: string, format: string, withSecrets: boolean): Promise<void> {
  const until = performance.now() + patienceMs
  for (;;) {
    try {
      const exported = await whileBusy(`Writing ${exportFormats.find((known) => known.id === format)?.label ?? format}…`, call('exportRun', { id, format, withSecrets }))
      downloadText(exported.fileName, exported.mediaType, exported.text)
      announce(`${exported.fileName} saved`)
      return
    } catch (error) {
      const { code, message, hint } = toCallError(error)
      // A run is exported from the history, and gets there a moment after its end.
      if (code === 'unknown_run' && performance.now() < until) { await new Promise((resolve) => setTimeout(resolve, askEveryMs)); continue }
      complain(hint ? `${message}: ${hint}` : message)
      return
    }
  }
}
