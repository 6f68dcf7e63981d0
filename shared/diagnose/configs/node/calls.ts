import { balanced, topLevelPieces, type Piece } from '../source-text.ts'
import { canonical, type Bindings } from './bindings.ts'

/** A call: its callee with imports resolved, its arguments. */
export interface Call { name: string; offset: number; args: Piece[] }
/** A field of an object literal, with the names of the literals around it: `timeout.request`. */
export interface Field { path: string; value: string; offset: number }

const mostCalls = 5000
const longestCall = 4000
const head = /(?:\bnew\s+)?\b([A-Za-z_$][\w$]{0,80}(?:\s{0,4}\??\.\s{0,4}[A-Za-z_$][\w$]{0,80}){0,8})\s{0,4}(?:<[^<>()\n]{0,80}>)?\(/g
/** What is called right behind a call: `app.listen(80).setTimeout(5)`, `require('fastify')({...})`. */
const behind = /\)\s{0,80}(?:\.\s{0,4}([A-Za-z_$][\w$]{0,80})\s{0,4})?\(/g

/** Every call of a source text. */
export function callsIn(source: string, bindings: Bindings): Call[] {
  const calls: Call[] = []
  let tried = 0
  for (const match of source.matchAll(head)) {
    if (tried++ >= mostCalls) break
    const open = match.index + match[0].length - 1
    const args = argsAt(source, open)
    if (args) calls.push({ name: canonical(match[1] ?? '', bindings), offset: match.index, args })
  }
  tried = 0
  for (const match of source.matchAll(behind)) {
    if (tried++ >= mostCalls) break
    const before = calleeBefore(source, match.index, bindings)
    if (before === null) continue
    const args = argsAt(source, match.index + match[0].length - 1)
    if (args) calls.push({ name: match[1] ? `${before}().${match[1]}` : before, offset: match.index + 1 + (/^\s*/.exec(source.slice(match.index + 1))?.[0].length ?? 0), args })
  }
  return calls
}

function argsAt(source: string, open: number): Piece[] | null {
  const inside = balanced(source, open, longestCall)
  return inside === null ? null : partsOf({ text: inside, offset: open + 1 })
}

/** Whose bracket closes here: the callee of `callee(...)`; for `require('x')(` the module, for `promisify(f)(` the function. */
function calleeBefore(source: string, close: number, bindings: Bindings): string | null {
  const open = openingOf(source, close)
  if (open === null) return null
  const callee = /([A-Za-z_$][\w$]{0,80}(?:\s*\.\s*[A-Za-z_$][\w$]{0,80}){0,8})\s*$/.exec(source.slice(Math.max(0, open - 300), open))?.[1]
  if (!callee) return null
  const inside = source.slice(open + 1, close).trim()
  const module = callee === 'require' ? /^['"](?:node:)?([^'"]{1,100})['"]$/.exec(inside)?.[1] : undefined
  if (module) return module
  if (/(?:^|\.)promisify$/.test(callee)) return canonical(inside, bindings)
  return canonical(callee, bindings)
}

/** The bracket that a closing one belongs to, looking back; strings are not told apart here, which only loses rare calls. */
function openingOf(source: string, close: number): number | null {
  let depth = 0
  for (let at = close; at >= Math.max(0, close - longestCall); at--) {
    if (source[at] === ')') depth++
    else if (source[at] === '(' && --depth === 0) return at
  }
  return null
}

/** Parts between commas at the top level, with their places. */
export function partsOf(piece: Piece): Piece[] {
  return topLevelPieces(piece.text).map(({ text, offset }) => ({ text, offset: piece.offset + offset }))
}

/** Fields of an object literal, those of nested literals with their path. Functions and calls are not looked into. */
export function fieldsOf(piece: Piece, prefix = '', depth = 0): Field[] {
  if (!piece.text.startsWith('{') || depth > 6) return []
  const end = piece.text.lastIndexOf('}')
  return partsOf({ text: piece.text.slice(1, end < 1 ? undefined : end), offset: piece.offset + 1 }).flatMap((part): Field[] => {
    const match = /^(?:['"]?([A-Za-z_$][\w$-]{0,80})['"]?)\s*:\s*([\s\S]+)$/.exec(part.text)
    if (!match) return /^[A-Za-z_$][\w$]{0,80}$/.test(part.text) ? [{ path: `${prefix}${part.text}`, value: part.text, offset: part.offset }] : []
    const value = match[2] ?? ''
    const path = `${prefix}${match[1]}`
    // Literals inside calls are taken as the call's: `new Agent({ connect: { timeout } })` has calls of its own.
    return value.startsWith('{') ? fieldsOf({ text: value, offset: part.offset + part.text.length - value.length }, `${path}.`, depth + 1) : [{ path, value, offset: part.offset }]
  })
}
