import type { DiagnosedLimit, Diagnosis, DiagnosisLint } from '../../../shared/diagnose/diagnosis.ts'

/** The one value that removes a warning: for which setting, where, as its configuration spells it. */
export interface Mend { directive: string; file: string; line: number | null; value: string }

/** Finds the value; null where it takes more than a number. What it names is computed from the limits of this diagnosis. */
export function mendOf(lint: DiagnosisLint, { limits }: Pick<Diagnosis, 'limits'>): Mend | null {
  const [first, second] = lint.refs.map((ref) => limits.find((limit) => refOf(limit) === ref && lint.text.includes(limit.directive)))
  if (!first) return null
  if (lint.id.startsWith('unit-trap:')) {
    const written = /\bWrite (\S+(?: \* \S+)?) if seconds|\bWrite (\S+(?: \* [\w.]+)?)/.exec(lint.text)
    const value = (written?.[1] ?? written?.[2])?.replace(/\.$/, '')
    return value && /^\d/.test(value) ? { directive: first.directive, file: first.file, line: first.line, value } : null
  }
  if ((lint.id.startsWith('inner-above-outer:') || lint.id.startsWith('equal:')) && second?.valueMs != null && !first.isDefault) {
    return { directive: first.directive, file: first.file, line: first.line, value: writtenAs(first, roundedUp(second.valueMs * 1.1)) }
  }
  return null
}

function refOf(limit: DiagnosedLimit): string {
  return `config:${limit.file}${limit.line === null ? '' : `:${limit.line}`}`
}

/** The next number of whole seconds that people would write. */
export function roundedUp(ms: number): number {
  const steps = [1, 2, 5, 10, 15, 20, 30, 35, 45, 60, 65, 70, 75, 90, 120, 150, 180, 240, 300, 360, 600, 900, 1200, 1800, 3600]
  const step = steps.find((seconds) => seconds * 1000 >= ms)
  return step === undefined ? Math.ceil(ms / 3_600_000) * 3_600_000 : step * 1000
}

const inMilliseconds = new Set(['axios', 'undici', 'got', 'Node', 'fastify', 'http-proxy', 'http-proxy-middleware', 'h2o'])
const inBareSeconds = new Set(['requests', 'httpx', 'aiohttp', 'urllib', 'urllib3', 'curl', 'gunicorn', 'uWSGI', 'uvicorn', 'lighttpd', 'AWS Lambda', 'Apache httpd', 'Kubernetes'])

/** A duration as this product's configuration spells it. */
export function writtenAs(limit: Pick<DiagnosedLimit, 'product' | 'asWritten'>, ms: number): string {
  const seconds = ms / 1000
  if (/time\.\w+/.test(limit.asWritten)) return `${seconds} * time.Second`
  if (inMilliseconds.has(limit.product)) return String(ms)
  if (inBareSeconds.has(limit.product) && !/[a-z]$/i.test(limit.asWritten.trim())) return String(seconds)
  return `${seconds}s`
}
