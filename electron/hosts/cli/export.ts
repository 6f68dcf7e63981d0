import { exporterOf, exporters, exportRun } from '../../../shared/export/index.ts'
import { exportKeptRun } from '../../engine/kept-runs.ts'
import { keptRun, withHistory } from './history.ts'
import { print } from './print.ts'
import { namesFile, readSavedFile } from './saved-file.ts'
import { UsageError } from './usage-error.ts'
import { version } from './version.ts'
import { whyNotWritten, writeResult } from './write-result.ts'

/** `cutoff export ID --format F`: a kept run, or one from a file, in another format, on stdout or into a file. */
export async function exportCommand(id: string, options: { format: string; output?: string; withSecrets?: boolean }): Promise<number> {
  const exporter = exporterOf(options.format)
  if (!exporter) throw new UsageError('unknown_format', `unknown format: ${options.format}`, { where: '--format', hint: `known are ${exporters.map(({ id: known }) => known).join(', ')}` })
  const how = { withSecrets: options.withSecrets === true, version: await version() }
  const text = namesFile(id) ? exportRun(await readSavedFile(id), exporter, { ...how, exportedAt: new Date().toISOString() }) : await withHistory(async (history) => {
    const { record } = await keptRun(history, id)
    return (await exportKeptRun(history, record.id, options.format, how)).text
  })
  if (options.output === undefined) {
    await print(text)
    return 0
  }
  await writeResult(options.output, text).catch((error: NodeJS.ErrnoException) => { throw new UsageError('output_failed', `the export could not be written: ${whyNotWritten(error)}`, { where: options.output || '--output', hint: 'name a file in a folder that is there and that you may write to' }) })
  return 0
}
