import type { SavedRun } from '../../run/record.ts'
import type { Exporter, ExportOptions } from '../exporter.ts'
import { logEnds, logSection } from './log-section.ts'
import { html, type Markup } from './markup.ts'
import { limitsSection, planSection, readableTime, stagesOf, verdictSection } from './sections.ts'
import { stacksSection } from './stacks-section.ts'
import { style } from './style.ts'
import { timingDrawingOf } from './timing-drawing.ts'

/** One page that opens anywhere: no script, nothing fetched, light and dark, printable. */
export const htmlExporter: Exporter = {
  id: 'html',
  title: 'Report (HTML, opens anywhere)',
  extension: 'html',
  mediaType: 'text/html',
  log: logEnds,
  toText: (run, options) => `<!doctype html>\n${pageOf(run, options).markup}\n`,
}

function pageOf(run: SavedRun, { exportedAt, version }: ExportOptions): Markup {
  return html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark">
<title>${run.record.plan.script.name}: ${run.record.verdict.headline}</title>
<style>${{ markup: style }}</style></head>
<body><main>
${verdictSection(run)}
<section><h2>Timing<small>Where did the time go?</small></h2>${stagesOf(run)}${timingDrawingOf(run.record, run.events)}</section>
${stacksSection(run)}
${limitsSection(run)}
${planSection(run)}
${logSection(run)}
<footer>Run ${run.record.id}, made by Cutoff ${version} and exported ${readableTime(exportedAt)}. ${run.redacted ? 'Secrets were taken out; what was not recognised as one is still in here.' : 'Secrets were not taken out.'}</footer>
</main></body></html>`
}
