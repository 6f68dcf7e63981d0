import { linter, type Diagnostic } from '@codemirror/lint'
import type { Text } from '@codemirror/state'
import { lintPython, type Finding } from './ruff.ts'

/** Ruff's findings in the editor, half a second after the last key. Nothing leaves the page. */
export const pythonLint = linter(async (view) => {
  const text = view.state.doc.toString()
  const findings = await lintPython(text)
  return findings.map((finding) => toDiagnostic(finding, view.state.doc))
}, { delay: 500 })

/** Rows and columns from 1 to offsets; a place outside the text (it may just have been edited) is moved to its end. */
export function toDiagnostic(finding: Finding, doc: Text): Diagnostic {
  const offset = (row: number, column: number) => {
    const line = doc.line(Math.min(Math.max(row, 1), doc.lines))
    return Math.min(line.from + Math.max(0, column - 1), line.to)
  }
  const from = offset(finding.row, finding.column)
  const to = Math.max(from, offset(finding.endRow, finding.endColumn))
  return { from, to, severity: finding.code === null || finding.code.startsWith('E9') ? 'error' : 'warning', message: finding.message, source: finding.code ?? 'syntax' }
}
