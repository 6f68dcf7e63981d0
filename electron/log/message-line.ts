import type { FieldValue } from '../../shared/run/event.ts'

/**
 * A flow message as one line of text, the way people grep for it: the message, a space, `key=value` for each field
 * (values in JSON). `messageBytes` tells where the fields begin, so nothing in a message can be taken for a field.
 */
export function messageLineOf(message: string, fields: Record<string, FieldValue>): { line: string; messageBytes: number } {
  const text = oneLineOf(message)
  const parts = Object.entries(fields).map(([key, value]) => `${keyOf(key)}=${JSON.stringify(value)}`)
  return { line: parts.length === 0 ? text : `${text} ${parts.join(' ')}`, messageBytes: Buffer.byteLength(text) }
}

/** The fields of a stored message; null where there are none. */
export function parseFields(text: string): Record<string, FieldValue> | null {
  const fields: Record<string, FieldValue> = {}
  const pattern = /\s*([^\s=]+)=("(?:[^"\\]|\\.)*"|[^\s]+)/gy
  let found = false
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    fields[match[1] ?? ''] = valueOf(match[2] ?? '')
    found = true
  }
  return found ? fields : null
}

function valueOf(text: string): FieldValue {
  try {
    const value: unknown = JSON.parse(text)
    return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : text
  } catch { return text }
}

/** A line feed would make two rows of one message. */
function oneLineOf(text: string): string {
  return text.replaceAll('\r\n', '\\n').replaceAll('\n', '\\n')
}

function keyOf(key: string): string {
  return key.replaceAll(/[\s=]/g, '_') || '_'
}
