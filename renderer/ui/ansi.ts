import { terminalCommands } from '../../shared/text/plain-text.ts'
import { visiblePieces, type VisiblePiece } from '../../shared/text/visible-text.ts'

/** A piece of a log line with one look. Colours are names of classes, never values from the text. */
export interface TextRun extends VisiblePiece { className: string }

interface Look { fg: string; bg: string; bold: boolean; dim: boolean; italic: boolean; underline: boolean }
const plain: Look = { fg: '', bg: '', bold: false, dim: false, italic: false, underline: false }
const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const

/**
 * Splits a line into runs with their colours. Colour sequences are applied, other sequences taken out, and what cannot be seen stands in
 * runs of its own, with how it is shown. Nothing in the text can become markup.
 */
export function ansiRuns(line: string): TextRun[] {
  const runs: TextRun[] = []
  let look = plain
  let from = 0
  const push = (text: string) => { for (const piece of visiblePieces(text)) runs.push({ ...piece, className: classOf(look) }) }
  for (const match of line.matchAll(terminalCommands)) {
    push(line.slice(from, match.index))
    from = match.index + match[0].length
    if (match[2] === 'm' && /^[0-9;:]*$/.test(match[1] ?? '')) look = lookAfter(look, match[1] ?? '')
  }
  push(line.slice(from))
  return runs
}

function lookAfter(before: Look, parameters: string): Look {
  let look = { ...before }
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map(Number)
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0
    if (code === 0) look = { ...plain }
    else if (code === 1) look.bold = true
    else if (code === 2) look.dim = true
    else if (code === 3) look.italic = true
    else if (code === 4) look.underline = true
    else if (code === 22) { look.bold = false; look.dim = false }
    else if (code === 23) look.italic = false
    else if (code === 24) look.underline = false
    else if (code >= 30 && code <= 37) look.fg = colours[code - 30] ?? ''
    else if (code >= 90 && code <= 97) look.fg = colours[code - 90] ?? ''
    else if (code === 39) look.fg = ''
    else if (code >= 40 && code <= 47) look.bg = colours[code - 40] ?? ''
    else if (code >= 100 && code <= 107) look.bg = colours[code - 100] ?? ''
    else if (code === 49) look.bg = ''
    else if (code === 38 || code === 48) {
      // 256 colours (5;n) or a true colour (2;r;g;b): the nearest of the eight.
      const [name, used] = extended(codes.slice(index + 1))
      if (code === 38) look.fg = name
      else look.bg = name
      index += used
    }
  }
  return look
}

function extended(rest: readonly number[]): [name: string, used: number] {
  if (rest[0] === 5) {
    const number = rest[1] ?? 0
    if (number < 16) return [colours[number % 8] ?? '', 2]
    if (number >= 232) return [number < 244 ? 'black' : 'white', 2]
    const cube = number - 16
    return [nearest(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51), 2]
  }
  if (rest[0] === 2) return [nearest(rest[1] ?? 0, rest[2] ?? 0, rest[3] ?? 0), 4]
  return ['', 0]
}

function nearest(red: number, green: number, blue: number): string {
  const half = Math.max(red, green, blue) / 2
  return colours[(red > half ? 1 : 0) + (green > half ? 2 : 0) + (blue > half ? 4 : 0)] ?? ''
}

function classOf(look: Look): string {
  return [look.fg && `ansi-${look.fg}`, look.bg && `ansi-on-${look.bg}`, look.bold && 'strong', look.dim && 'dim', look.italic && 'ansi-italic', look.underline && 'ansi-underline'].filter(Boolean).join(' ')
}
