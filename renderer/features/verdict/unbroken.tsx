import { measureParts } from './words.ts'

/** Plain text in which no line ends between a number and its unit. */
export function Unbroken({ text }: { text: string }) {
  return measureParts(text).map((part, index) => (part.measure ? <span key={`${index}-${part.text}`} className="nowrap">{part.text}</span> : part.text))
}
