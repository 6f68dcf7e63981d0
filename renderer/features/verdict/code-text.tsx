import { Unbroken } from './unbroken.tsx'
import { codeParts } from './words.ts'

/** A sentence whose ids (`client.total`) are set in monospace. */
export function CodeText({ text }: { text: string }) {
  return codeParts(text).map((part, index) => (part.code ? <code key={`${index}-${part.text}`}>{part.text}</code> : <Unbroken key={`${index}-${part.text}`} text={part.text} />))
}
