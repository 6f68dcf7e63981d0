import type { DiagnosedLimit, DiagnosisLint } from '../diagnosis.ts'

/** One check over all limits; each is about one mistake. */
export interface LintRule { id: string; check(limits: readonly DiagnosedLimit[]): DiagnosisLint[] }

/** `config:nginx.conf:14`, as evidence refers to it. */
export function refOf(limit: DiagnosedLimit): string {
  return `config:${limit.file}${limit.line === null ? '' : `:${limit.line}`}`
}

/** `proxy_read_timeout 60s (nginx.conf:14)`. */
export function nameOf(limit: DiagnosedLimit): string {
  return `${limit.product} ${limit.directive} ${limit.asWritten}${limit.line === null ? ' (default)' : ` (${limit.file}:${limit.line})`}`
}

/** Code in which calls stand side by side: two limits of one file need not be about one request. */
export function isSource(limit: DiagnosedLimit): boolean {
  return /\.(?:go|py|[cm]?[jt]sx?)$/.test(limit.file)
}

export function lintOf(id: string, severity: DiagnosisLint['severity'], text: string, limits: readonly DiagnosedLimit[]): DiagnosisLint {
  return { id, severity, text, refs: limits.map(refOf) }
}

export function bare(limit: DiagnosedLimit): boolean {
  return /^\d+(?:\.\d+)?$/.test(limit.asWritten.trim())
}
