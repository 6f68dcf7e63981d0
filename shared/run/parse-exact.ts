import { endOfNumber, endOfText } from './json-tokens.ts'
import type { JsonValue } from './plan.ts'

/** What `JSON.rawJSON` makes: `JSON.stringify` writes its text as it is. Not in TypeScript's library yet. */
interface RawNumber { readonly rawJSON: string }
const json = JSON as unknown as { rawJSON?(text: string): RawNumber; isRawJSON?(value: unknown): value is RawNumber }

/** False in browsers older than Chromium 114, Firefox 135 and Safari 18.4: numbers are rounded there. */
export const readsExactly = json.rawJSON !== undefined

/**
 * As `JSON.parse`, but a number that would be written in another way stands as an object that `JSON.stringify` writes as it was; such a value
 * must not be sent to other processes. Throws what `JSON.parse` throws. (A reviver of `JSON.parse` takes ten times as long.)
 */
export function parseExact(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue
  return readsExactly ? readValue({ text, at: 0 }) : value
}

/** A number's own text; null for what is no number. */
export function numberTextOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return json.isRawJSON?.(value) ? value.rawJSON : null
}

/** Where a text that is known to be JSON is read. */
interface Place { readonly text: string; at: number }

function readValue(place: Place): JsonValue {
  switch (nextOf(place)) {
    case '{': return readObject(place)
    case '[': return readList(place)
    case '"': return readText(place)
    case 't': place.at += 4; return true
    case 'f': place.at += 5; return false
    case 'n': place.at += 4; return null
    default: return readNumber(place)
  }
}

function readObject(place: Place): JsonValue {
  const object: { [key: string]: JsonValue } = {}
  for (place.at++; nextOf(place) !== '}';) {
    if (place.text[place.at] === ',') place.at++
    nextOf(place)
    const key = readText(place)
    nextOf(place)
    place.at++
    const value = readValue(place)
    if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
    else object[key] = value
  }
  place.at++
  return object
}

function readList(place: Place): JsonValue {
  const list: JsonValue[] = []
  for (place.at++; nextOf(place) !== ']';) {
    if (place.text[place.at] === ',') place.at++
    list.push(readValue(place))
  }
  place.at++
  return list
}

function readText(place: Place): string {
  const start = place.at
  place.at = endOfText(place.text, start)
  const inside = place.text.slice(start + 1, place.at - 1)
  return inside.includes('\\') ? JSON.parse(`"${inside}"`) as string : inside
}

function readNumber(place: Place): JsonValue {
  const start = place.at
  place.at = endOfNumber(place.text, start)
  const written = place.text.slice(start, place.at)
  const value = Number(written)
  return String(value) === written ? value : json.rawJSON?.(written) as unknown as JsonValue
}

/** The next character that is no blank. */
function nextOf(place: Place): string | undefined {
  while (place.text.charCodeAt(place.at) <= 32) place.at++
  return place.text[place.at]
}
