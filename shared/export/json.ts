import type { Exporter } from './exporter.ts'

/** The run itself, everything it was derived from included: what Cutoff opens again. */
export const jsonExporter: Exporter = {
  id: 'json',
  title: 'Run record (JSON, opens in Cutoff)',
  extension: 'json',
  mediaType: 'application/json',
  log: 'all',
  toText: (run) => `${JSON.stringify(run)}\n`,
}
