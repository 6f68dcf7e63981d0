import { writeFile } from 'node:fs/promises'
import { exporters } from '../../../shared/export/index.ts'
import { exportKeptRun } from '../../engine/kept-runs.ts'
import { keptRun, withHistory } from './history.ts'
import { UsageError } from './usage-error.ts'
import { version } from './version.ts'

/** `cutoff export ID --format F`: a kept run in another format, on stdout or into a file. */
export async function exportCommand(id: string, options: { format: string; output?: string; withSecrets?: boolean }): Promise<number> {
  if (!exporters.some((exporter) => exporter.id === options.format)) {
    throw new UsageError('unknown_format', `unknown format: ${options.format}`, { where: '--format', hint: `known are ${exporters.map((exporter) => exporter.id).join(', ')}` })
  }
  const { text } = await withHistory(async (history) => {
    const { record } = await keptRun(history, id)
    return exportKeptRun(history, record.id, options.format, { withSecrets: options.withSecrets === true, version: await version() })
  })
  if (options.output === undefined) {
    await new Promise<void>((resolve) => { process.stdout.write(text, () => resolve()) })
    return 0
  }
  await writeFile(options.output, text).catch((error: NodeJS.ErrnoException) => { throw new UsageError('output_failed', `the export could not be written: ${error.message}`, { where: options.output }) })
  return 0
}
