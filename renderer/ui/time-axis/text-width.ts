/** About how wide a text is at 11 px, px. Measured with the page's own font where there is a canvas, guessed elsewhere. */
export function textWidth(text: string, strong = false): number {
  const key = strong ? `\u0000${text}` : text
  const known = widths.get(key)
  if (known !== undefined) return known
  const width = measure(text, strong)
  if (widths.size > 2000) widths.clear()
  widths.set(key, width)
  return width
}

const widths = new Map<string, number>()
const rulers = new Map<boolean, CanvasRenderingContext2D | null>()

function measure(text: string, strong: boolean): number {
  if (!rulers.has(strong)) rulers.set(strong, makeRuler(strong))
  return rulers.get(strong)?.measureText(text).width ?? text.length * (strong ? 6.1 : 5.6)
}

/** One for each weight, made once: the page's font never changes, and to ask for it makes the browser compute styles at once. */
function makeRuler(strong: boolean): CanvasRenderingContext2D | null {
  const ruler = typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d')
  if (ruler) ruler.font = `${strong ? 600 : 400} 11px ${getComputedStyle(document.body).fontFamily}`
  return ruler
}

/** The longest beginning of a text that fits, with an ellipsis; empty when not even a few letters do. */
export function fitText(text: string, room: number): string {
  if (textWidth(text) <= room) return text
  if (room < 22) return ''
  let low = 0
  let high = text.length
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (textWidth(`${text.slice(0, middle)}…`) <= room) low = middle
    else high = middle - 1
  }
  return low < 2 ? '' : `${text.slice(0, low).trimEnd()}…`
}
