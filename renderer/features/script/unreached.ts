import { pythonLanguage } from '@codemirror/lang-python'

type SyntaxNode = ReturnType<typeof pythonLanguage.parser.parse>['topNode']

/** Where a script stood: a function (`<module>` outside of all) and its line. */
export interface Stand { function: string; line: number }
/** A longer script (some 1 500 lines) would hold the screen up while it is parsed. */
const longestText = 50_000
/** A part of the text, `to` exclusive. */
interface Part { from: number; to: number }

/**
 * The lines that a script cannot have reached, as far as its text proves it. `stood`: where it stood, the outermost of its functions first;
 * empty where that is not known, or it is over. `raised`: an exception left it there, so handlers around the line may have run.
 *
 *     def transform(input_data):        is called once, by the wrapper
 *         for order in orders:
 *             rate = fetch(order)       stood here: behind it the loop may have come by before ...
 *         save(orders)                  ... behind the loop nothing has
 *
 *     def save(orders):                 is named nowhere but where nothing came by
 */
export function unreachedLines(text: string, stood: readonly Stand[], raised = false): number[] {
  if (text.length > longestText) return []
  const script = scriptOf(text)
  const parts = behind(script, stood, raised)
  addUncalled(script, parts)
  return script.lines.flatMap((content, index) => {
    const at = script.starts[index] ?? 0
    return /^\s*[^\s#]/.test(content) && parts.some(({ from, to }) => at >= from && at < to) ? [index + 1] : []
  })
}

interface Script {
  text: string
  top: SyntaxNode
  lines: readonly string[]
  /** Where each line begins. */
  starts: readonly number[]
  /** Where each name stands, in comments and texts as well: what is spoken of may be called. */
  mentions: ReadonlyMap<string, readonly number[]>
  /** Functions of the module that nothing decorates, by name. */
  functions: ReadonlyMap<string, SyntaxNode>
}

let last: Script | null = null

/** Marks are asked for again and again while a run goes on, its script stays. */
function scriptOf(text: string): Script {
  if (last?.text === text) return last
  const { topNode: top } = pythonLanguage.parser.parse(text)
  const lines = text.split('\n')
  let next = 0
  const starts = lines.map((content) => { const start = next; next += content.length + 1; return start })
  const mentions = new Map<string, number[]>()
  for (const { 0: name, index } of text.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) {
    const places = mentions.get(name)
    if (places) places.push(index)
    else mentions.set(name, [index])
  }
  const functions = new Map(top.getChildren('FunctionDefinition').flatMap((definition): [string, SyntaxNode][] => {
    const name = definition.getChild('VariableName')
    return name ? [[text.slice(name.from, name.to), definition]] : []
  }))
  last = { text, top, lines, starts, mentions, functions }
  return last
}

/** What lies behind the lines on which the script stood, from the outside in, as long as each function was called only once. */
function behind(script: Script, stood: readonly Stand[], raised: boolean): Part[] {
  const parts: Part[] = []
  let caller: Part | null = null
  for (const place of stood) {
    const block: SyntaxNode | null = place.function === '<module>' ? script.top : calledOnce(script, place.function, caller)
    const start = script.starts[place.line - 1]
    if (!block || start === undefined) break
    const indent = /^\s*/.exec(script.lines[place.line - 1] ?? '')?.[0].length ?? 0
    const done = doneOf(script.top.resolveInner(start + indent, 1), block, raised)
    if (!done) break
    parts.push({ from: done.to, to: block.to })
    // In a loop the statement ran more than once, and what it calls was called again.
    if (done.repeated) break
    caller = done
  }
  return parts
}

/** A function that was called only once: `transform` by the wrapper, another where its only mention is a call in the statement that ran once. Null where that is not sure. */
function calledOnce({ functions, mentions, top }: Script, name: string, caller: Part | null): SyntaxNode | null {
  const definition = functions.get(name)
  const own = definition?.getChild('VariableName')
  if (!definition || !own) return null
  const others = (mentions.get(name) ?? []).filter((at) => at !== own.from)
  if (name === 'transform') return others.length === 0 ? definition : null
  const [at] = others
  if (caller === null || others.length !== 1 || at === undefined || at < caller.from || at >= caller.to) return null
  const mention = top.resolveInner(at, 1)
  if (mention.parent?.name !== 'CallExpression' || mention.parent.from !== at) return null
  for (let around: SyntaxNode | null = mention; around && around.from >= caller.from; around = around.parent) {
    // `sum(f(x) for x in xs)` has its loop in the list of arguments.
    if (/Comprehension|Lambda|FunctionDefinition/.test(around.name) || (around.name === 'ArgList' && around.getChild('for'))) return null
  }
  return definition
}

/** The statement that ran on a line, or what is around it in the block that may have run as well; null where it is not in there. */
function doneOf(node: SyntaxNode, block: SyntaxNode, raised: boolean): (Part & { repeated: boolean }) | null {
  let done: (Part & { repeated: boolean }) | null = null
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.from === block.from && at.to === block.to && at.name === block.name) return done
    if (done === null && (at.parent?.name === 'Body' || at.parent?.name === 'Script')) done = { from: at.from, to: at.to, repeated: false }
    if (done && (at.name === 'ForStatement' || at.name === 'WhileStatement')) done = { from: at.from, to: at.to, repeated: true }
    if (done && raised && at.name === 'TryStatement') done = { ...done, to: at.to }
  }
  return null
}

/** By these a function may be called without its name being written. */
const indirect = ['eval', 'exec', 'globals', 'locals', 'vars', 'getattr', '__dict__', 'importlib', '__import__', '__main__', 'modules']

/** Adds the functions that are named nowhere but where nothing came by. */
function addUncalled({ functions, mentions }: Script, parts: Part[]): void {
  if (indirect.some((name) => mentions.has(name))) return
  const left = new Map([...functions].filter(([name]) => name !== 'transform' && !name.startsWith('__')))
  for (let found = true; found;) {
    found = false
    for (const [name, definition] of left) {
      const isOutside = (at: number) => (at < definition.from || at >= definition.to) && !parts.some(({ from, to }) => at >= from && at < to)
      if ((mentions.get(name) ?? []).some(isOutside)) continue
      const body = definition.getChild('Body')
      if (body) parts.push({ from: body.from, to: body.to })
      left.delete(name)
      found = true
    }
  }
}
