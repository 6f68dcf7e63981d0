import { isCurlOutput, parseCurlOutput } from '../../shared/diagnose/observe/curl-verbose.ts'
import { isHar, parseHar } from '../../shared/diagnose/observe/har.ts'
import { parseObservations } from '../../shared/diagnose/observe/parse-observation.ts'
import { parsePlainText } from '../../shared/diagnose/observe/plain-text.ts'
import type { View } from '../../shared/diagnose/observe/view.ts'
import { depthOf } from '../../shared/diagnose/configs/json-lines.ts'

/** Views in a text: a HAR, an observation object or a list of them, `curl -v` output. Empty if it is none of these. */
export function parseObserved(text: string): View[] {
  const trimmed = text.trimStart()
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    const value = parseJson(trimmed)
    if (value === undefined) return isCurlOutput(text) ? [parseCurlOutput(text)] : []
    return isHar(value) ? parseHar(value) : parseObservations(value)
  }
  return isCurlOutput(text) ? [parseCurlOutput(text)] : []
}

function parseJson(text: string): unknown {
  if (depthOf(text) > 500) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** What was given as an observation: everything that `parseObserved` knows, else what a terminal showed. */
export function parseSaw(text: string): View[] {
  const views = parseObserved(text)
  if (views.length > 0) return views
  const lines = linesOf(text)
  if (lines.length > 1) return lines.flatMap((value) => isHar(value) ? parseHar(value) : parseObservations(value))
  const view = /^\s*[{[]\s*["{\]}]/.test(text) ? null : parsePlainText(text)
  return view ? [view] : []
}

/** One JSON value per line, as harnesses append them; empty where any line is none. */
function linesOf(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '').slice(0, 1000)
  if (!lines.every((line) => line.trimStart().startsWith('{'))) return []
  const values = lines.map(parseJson)
  return values.includes(undefined) ? [] : values
}
