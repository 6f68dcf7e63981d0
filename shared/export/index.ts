import type { SavedRun } from '../run/record.ts'
import { csvExporter } from './csv.ts'
import type { Exporter, ExportOptions } from './exporter.ts'
import { harExporter } from './har.ts'
import { htmlExporter } from './html/report.ts'
import { jsonExporter } from './json.ts'
import { redactRun } from './redact-run.ts'
import { collapsedExporter, speedscopeExporter } from './speedscope.ts'
import { stackTracePart } from '../stacks/trace-part.ts'
import { traceExporterWith } from './trace.ts'

const traceExporter = traceExporterWith([stackTracePart])

/** Every format a run can be written in. */
export const exporters: readonly Exporter[] = [jsonExporter, htmlExporter, harExporter, traceExporter, csvExporter, speedscopeExporter, collapsedExporter]

export function exporterOf(id: string): Exporter | undefined {
  return exporters.find((exporter) => exporter.id === id)
}

/** A run in a format, without its secrets unless they are asked for. Lines that the format does not write come to the exporter empty. */
export function exportRun(run: SavedRun, exporter: Exporter, options: ExportOptions & { withSecrets?: boolean }): string {
  return exporter.toText(options.withSecrets ? run : redactRun(run, exporter.log), options)
}

/** A name for the file: script, when, what came of it. */
export function exportNameOf(run: SavedRun, exporter: Exporter): string {
  const { record } = run
  const script = record.plan.script.name.replace(/\.py$/, '').replaceAll(/[^\p{L}\p{N}_-]+/gu, '_').slice(0, 60) || 'run'
  const when = record.startedAt.slice(0, 19).replaceAll(/[^0-9]+/g, '-')
  return `${script}-${when}-${record.outcome}.${exporter.extension}`
}
