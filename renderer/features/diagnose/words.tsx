/** A sentence in which `what stands in backticks` is set in monospace. */
export function Words({ text }: { text: string }) {
  return text.split(/`([^`]{1,120})`/).map((part, index) => (index % 2 === 1 ? <code key={`${index}${part}`}>{part}</code> : part))
}
