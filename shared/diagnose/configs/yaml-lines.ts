import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Node, type Pair } from 'yaml'
import { depthOf } from './json-lines.ts'

/** A value inside a YAML stream: where it stands, what it is, how it was written. */
export interface YamlLeaf { document: number; path: (string | number)[]; value: string | number | boolean | null; line: number; written: string }
export interface YamlReading { leaves: YamlLeaf[]; problems: { line: number; text: string }[]; documents: number }

/** Characters that are parsed; hand-written YAML is never longer. */
const mostText = 1_000_000
const deepest = 100
const longestLine = 20_000
const mostLeaves = 50_000
/** Each has a price of its own, whatever is in it. */
const mostDocuments = 5000

/** Every leaf of every document, with line numbers. Aliases are followed once, so that no file can blow up. */
export function yamlLeaves(text: string): YamlReading {
  const short = text.length > mostText ? text.slice(0, text.lastIndexOf('\n', mostText) + 1) : text
  const bounded = short.slice(0, endOfDocuments(short))
  const problems: YamlReading['problems'] = [...(short.length < text.length ? [`only the first ${mostText} characters were read`] : []), ...(bounded.length < short.length ? [`only the first ${mostDocuments} documents were read`] : [])].map((words) => ({ line: 1, text: words }))
  // Nobody writes such a line; the parser's time grows faster than its length. JSON on one line is another matter.
  if (!/^\s*[{[]/.test(bounded) && longestLineOf(bounded) > longestLine) return { leaves: [], problems: [{ line: 1, text: `a line of more than ${longestLine} characters: not read` }], documents: 0 }
  if (depthOf(bounded) > deepest || indentsOf(bounded) > deepest) return { leaves: [], problems: [{ line: 1, text: `nested deeper than ${deepest} levels: not read` }], documents: 0 }
  return readDocuments(withoutTemplates(bounded), problems, 0)
}

/** Where the last document that is read ends. */
function endOfDocuments(text: string): number {
  let at = 0
  for (let count = 0; count < mostDocuments; count++) {
    at = text.indexOf('\n---', at) + 1
    if (at === 0) return text.length
  }
  return at
}

/** Lines of a document that do not parse are left out, with a note, as long as the rest can be read. */
const mostLeftOut = 5

function readDocuments(bounded: string, problems: YamlReading['problems'], leftOut: number): YamlReading {
  const lines = new LineCounter()
  const leaves: YamlLeaf[] = []
  const documents = parseAllDocuments(bounded, { lineCounter: lines, strict: false, uniqueKeys: false, logLevel: 'silent', keepSourceTokens: false, customTags: cloudTags })
  const list = Array.isArray(documents) ? documents : []
  const wrong = leftOut < mostLeftOut && bounded.length < 300_000 ? list.flatMap((document) => document.errors).map((error) => ({ line: error.linePos?.[0].line ?? 0, text: (error.message.split('\n')[0] ?? '').slice(0, 200) })).find((error) => error.line > 0) : undefined
  if (wrong) {
    const all = bounded.split('\n')
    if ((all[wrong.line - 1] ?? '').trim() !== '') {
      all[wrong.line - 1] = ''
      return readDocuments(all.join('\n'), [...problems, { line: wrong.line, text: `left out: ${wrong.text}` }], leftOut + 1)
    }
  }
  for (const [index, document] of list.entries()) {
    problems.push(...document.errors.slice(0, 3).map((error) => ({ line: error.linePos?.[0].line ?? 1, text: (error.message.split('\n')[0] ?? '').slice(0, 200) })))
    const root = document.contents as Node | null
    if (root) collect(root, [], { document: index, anchors: new Set(), aliases: 0, resolve: (node) => (isAlias(node) ? node.resolve(document) as Node | undefined : node), lines, leaves, text: bounded })
  }
  const many = leaves.length >= mostLeaves ? [{ line: leaves.at(-1)?.line ?? 1, text: `only the first ${mostLeaves} values were read` }] : []
  return { leaves, problems: [...many, ...problems.slice(0, 10)], documents: list.length }
}

/** Helm's and Jinja's templates: what is filled in becomes text, what only steers is left out; lines keep their numbers. */
function withoutTemplates(text: string): string {
  if (!text.includes('{{') && !/^\s*\{%/m.test(text)) return text
  return text.split('\n').map((line) => {
    if (/^\s*(?:-\s+)?\{\{-?[^{}]{0,500}-?\}\}\s*$/.test(line) || /^\s*\{%.{0,500}%\}\s*$/.test(line)) return ''
    return line.replace(/^(\s*(?:-\s+)?[\w./"'-]{1,200}:\s+)(\{\{[^{}]{0,500}\}\})(?=\s*(?:#.*)?$)/, (_, key: string, value: string) => `${key}'${value.replaceAll("'", '"')}'`)
  }).join('\n')
}

/** CloudFormation's short tags stand for values that are not known here. */
const cloudTags = ['!Ref', '!Sub', '!GetAtt', '!Join', '!ImportValue', '!If', '!FindInMap', '!Select', '!Split', '!Equals', '!Not', '!And', '!Or', '!Base64', '!Cidr', '!Condition'].flatMap((tag) => [
  { tag, resolve: (value: string) => value }, { tag, collection: 'seq' as const }, { tag, collection: 'map' as const },
])

interface Walk { document: number; anchors: Set<Node>; aliases: number; resolve(node: Node): Node | undefined; lines: LineCounter; leaves: YamlLeaf[]; text: string }

function collect(start: Node, path: (string | number)[], walk: Walk): void {
  const node = walk.resolve(start)
  if (!node || walk.leaves.length >= mostLeaves) return
  if (isAlias(start) && ++walk.aliases > 1000) return
  if (path.length > deepest) return
  if (isMap(node)) for (const pair of node.items as Pair<Node, Node>[]) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '?'
    if (key === '<<' && pair.value) collect(pair.value, path, walk)
    else if (pair.value) collect(pair.value, [...path, key], walk)
    else push(walk, [...path, key], null, (pair.key as Node).range?.[0] ?? 0, '')
  }
  else if (isSeq(node)) for (const [index, item] of (node.items as Node[]).entries()) collect(item, [...path, index], walk)
  else if (isScalar(node)) {
    const value = node.value
    const offset = (start.range ?? node.range)?.[0] ?? 0
    const tag = typeof node.tag === 'string' && /^![A-Z]/.test(node.tag) ? `${node.tag} ` : ''
    const source = tag + (typeof node.source === 'string' ? node.source : String(value))
    push(walk, path, typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : value === null ? null : String(value), offset, source.slice(0, 2000))
  }
}

function push(walk: Walk, path: (string | number)[], value: YamlLeaf['value'], offset: number, written: string): void {
  if (walk.leaves.length < mostLeaves) walk.leaves.push({ document: walk.document, path, value, line: walk.lines.linePos(offset).line, written })
}

function longestLineOf(text: string): number {
  let longest = 0
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at)
    const stop = end < 0 ? text.length : end
    longest = Math.max(longest, stop - at)
    at = stop + 1
  }
  return longest
}

/** How many levels of indentation are open at most. */
function indentsOf(text: string): number {
  let most = 0
  const open: number[] = []
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at)
    const stop = end < 0 ? text.length : end
    let indent = 0
    while (at + indent < stop && (text.charCodeAt(at + indent) === 0x20 || (text.charCodeAt(at + indent) === 0x2d && text.charCodeAt(at + indent + 1) === 0x20))) indent++
    if (at + indent < stop) {
      while (open.length > 0 && (open.at(-1) ?? 0) >= indent) open.pop()
      open.push(indent)
      most = Math.max(most, open.length)
    }
    at = stop + 1
  }
  return most
}

/** A path as people write it: `spec.template.containers[0].image`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('')
}
