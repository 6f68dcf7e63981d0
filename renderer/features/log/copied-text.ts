import type { ClipboardEvent } from 'react'

const columns = ['.log-time', '.log-source', '.log-level', '.log-text']

/**
 * What is marked in the log goes onto the clipboard as it was written: a line a row, from the column on in which the marking began, columns
 * set apart by tabs, and what is shown as an escape sequence as itself.
 */
export function copyAsWritten(event: ClipboardEvent<HTMLElement>): void {
  const selection = window.getSelection()
  if (!selection || selection.isCollapsed || !event.currentTarget.contains(selection.anchorNode) || event.target instanceof HTMLInputElement) return
  event.clipboardData.setData('text/plain', copiedText(selection.getRangeAt(0)))
  event.preventDefault()
}

function copiedText(range: Range): string {
  const { commonAncestorContainer: around } = range
  const unseen = (around instanceof Element ? around : around.parentElement)?.closest<HTMLElement>('[data-raw]')
  if (unseen) return rawText(unseen)
  const marked = range.cloneContents()
  const rows: readonly (ParentNode & Node)[] = [...marked.querySelectorAll('.log-row')]
  const [first = marked] = rows
  const cells = columns.slice(Math.max(0, columns.findIndex((column) => first.querySelector(column)))).join(', ')
  return (rows.length > 0 ? rows : [marked]).map((row) => {
    const found = [...row.querySelectorAll(cells)]
    return found.length > 0 ? found.map(rawText).join('\t') : rawText(row)
  }).join('\n')
}

function rawText(node: Node): string {
  if (node instanceof HTMLElement && node.dataset['raw'] !== undefined) return node.dataset['raw']
  return node instanceof Text ? node.data : [...node.childNodes].map(rawText).join('')
}
