import { exactNumberOf } from '../run/exact-json.ts'
import { numberTextOf } from '../run/parse-exact.ts'
import type { JsonValue } from '../run/plan.ts'

/** One place where two JSON values differ. `path` as one writes it: `orders[0].eur`; empty for the whole value. */
export interface JsonDifference { path: string; kind: 'changed' | 'missing' | 'extra'; expected: JsonValue | undefined; actual: JsonValue | undefined }

/** Differences listed at most: beyond that nobody reads on. */
export const mostDifferences = 200

/** Where `actual` is not `expected`. The order of keys does not matter, the order of lists does; 1 and 1.0 are the same number. Numbers of `parseExact` are told apart exactly. */
export function jsonDiff(expected: JsonValue, actual: JsonValue): JsonDifference[] {
  const found: JsonDifference[] = []
  compare('', expected, actual, found)
  return found
}

function compare(path: string, expected: JsonValue, actual: JsonValue, found: JsonDifference[]): void {
  if (found.length >= mostDifferences || Object.is(expected, actual) || expected === actual) return
  const numbers = [numberTextOf(expected), numberTextOf(actual)]
  if (numbers.some((text) => text !== null)) {
    const [left, right] = numbers.map((text) => (text === null ? null : exactNumberOf(text)))
    if (left !== right) found.push({ path, kind: 'changed', expected, actual })
    return
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let index = 0; index < Math.max(expected.length, actual.length); index++) inside(`${path}[${index}]`, expected[index], actual[index], found)
    return
  }
  if (isObject(expected) && isObject(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) inside(pathTo(path, key), own(expected, key), own(actual, key), found)
    return
  }
  found.push({ path, kind: 'changed', expected, actual })
}

function inside(path: string, expected: JsonValue | undefined, actual: JsonValue | undefined, found: JsonDifference[]): void {
  if (found.length >= mostDifferences) return
  if (expected === undefined && actual !== undefined) found.push({ path, kind: 'extra', expected, actual })
  else if (expected !== undefined && actual === undefined) found.push({ path, kind: 'missing', expected, actual })
  else if (expected !== undefined && actual !== undefined) compare(path, expected, actual, found)
}

function pathTo(path: string, key: string): string {
  if (!/^[A-Za-z_][\w]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}

function isObject(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function own(value: { [key: string]: JsonValue }, key: string): JsonValue | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined
}
