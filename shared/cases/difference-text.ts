import { visibleText } from '../text/visible-text.ts'
import type { JsonDifference } from './json-diff.ts'

/** So much of what two long values have in common is shown before the place where they part. */
const mostCommon = 24

/**
 * What was expected and what came, for people, each at most `most` characters: of long ones the part where they differ, and what cannot be
 * seen or looks the same written out, so that the two never read alike.
 */
export function differenceTexts({ expected, actual }: Pick<JsonDifference, 'expected' | 'actual'>, most: number): { expected: string; actual: string } {
  const [left, right] = toldApart(textOf(expected), textOf(actual))
  const from = Math.max(left.length, right.length) <= most ? 0 : Math.max(0, commonLength(left, right) - mostCommon)
  return { expected: partOf(left, from, most), actual: partOf(right, from, most) }
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : visibleText(JSON.stringify(value))
}

/** The same letter can be one character or two (é): then both are written in ASCII. */
function toldApart(left: string, right: string): [string, string] {
  return left !== right && left.normalize() === right.normalize() ? [inAscii(left), inAscii(right)] : [left, right]
}

function inAscii(text: string): string {
  return text.replaceAll(/[^\0-\u007f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function commonLength(left: string, right: string): number {
  let at = 0
  while (at < left.length && left[at] === right[at]) at++
  return at
}

/** Never half of a character that takes two units. */
function partOf(text: string, from: number, most: number): string {
  const start = from > 0 && isSecondHalf(text, from) ? from - 1 : from
  const room = start + most - (start > 0 ? 1 : 0)
  if (text.length <= room) return start > 0 ? `…${text.slice(start)}` : text
  const end = isSecondHalf(text, room - 1) ? room - 2 : room - 1
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}…`
}

function isSecondHalf(text: string, at: number): boolean {
  return /^[\udc00-\udfff]/.test(text.slice(at, at + 1))
}
