/** Parts of a text that is known to be JSON. By hand: a pattern runs out of stack on a text of many megabytes. */

const quote = 34
const backslash = 92
const minus = 45
const colon = 58
const [zero, nine] = [48, 57]

/** The first number that `isWanted` says yes to, as it is written; null if there is none. */
export function findNumber(json: string, isWanted: (written: string) => boolean): string | null {
  for (let at = 0; at < json.length;) {
    const code = json.charCodeAt(at)
    if (code === quote) at = endOfText(json, at)
    else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(json, at)
      const written = json.slice(at, end)
      if (isWanted(written)) return written
      at = end
    } else at++
  }
  return null
}

/** How many keys stand in it, those that stand twice in an object among them. */
export function countKeys(json: string): number {
  let keys = 0
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === quote) at = endOfText(json, at) - 1
    else if (code === colon) keys++
  }
  return keys
}

/** Where the text that begins here ends: after its second quote, before which there is an even number of backslashes. */
export function endOfText(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let slashes = 0
    while (json.charCodeAt(end - 1 - slashes) === backslash) slashes++
    if (slashes % 2 === 0) return end + 1
  }
  return json.length
}

/** Where the number that begins here ends. */
export function endOfNumber(json: string, start: number): number {
  let end = start + 1
  while (isInNumber(json.charCodeAt(end))) end++
  return end
}

function isInNumber(code: number): boolean {
  // + - . E e
  return (code >= zero && code <= nine) || code === 43 || code === minus || code === 46 || code === 69 || code === 101
}
