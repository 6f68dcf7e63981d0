import { pythonLanguage } from '@codemirror/lang-python'

type SyntaxNode = ReturnType<typeof pythonLanguage.parser.parse>['topNode']

/**
 * The lines that a script cannot have reached when it stood on `line` of the function that is called once from outside: its `transform`,
 * or the module itself (`<module>`). Behind a line, nothing of that function has run, unless a loop around the line came by before.
 * Empty where more than one call is possible (the script calls `transform` itself, or a decorator does), and where the line is elsewhere.
 */
export function unreachedLines(text: string, calledOnce: string, line: number): number[] {
  const lines = text.split('\n')
  const starts = startsOf(lines)
  const from = starts[line - 1]
  if (from === undefined) return []
  const tree = pythonLanguage.parser.parse(text)
  const block = calledOnce === '<module>' ? tree.topNode : onlyTransform(tree.topNode, text)
  if (!block) return []
  const indent = /^\s*/.exec(lines[line - 1] ?? '')?.[0].length ?? 0
  const done = endOfDone(tree.resolveInner(from + indent, 1), block)
  if (done === null) return []
  return lines.flatMap((content, index) => {
    const at = starts[index] ?? 0
    return at >= done && at < block.to && /^\s*[^\s#]/.test(content) ? [index + 1] : []
  })
}

/** Where each line begins. */
function startsOf(lines: readonly string[]): number[] {
  let next = 0
  return lines.map((content) => {
    const start = next
    next += content.length + 1
    return start
  })
}

/** `def transform` of the module, where nothing but the wrapper calls it. */
function onlyTransform(top: SyntaxNode, text: string): SyntaxNode | null {
  const found = top.getChildren('FunctionDefinition').filter((definition) => {
    const name = definition.getChild('VariableName')
    return name && text.slice(name.from, name.to) === 'transform'
  })
  const mentions = text.match(/\btransform\b/g)?.length ?? 0
  return found.length === 1 && mentions === 1 ? found[0] ?? null : null
}

/** The end of the statement that runs, or of the outermost loop around it within the block; null where it is not in there. */
function endOfDone(node: SyntaxNode, block: SyntaxNode): number | null {
  let end: number | null = null
  for (let at: SyntaxNode | null = node; at; at = at.parent) {
    if (at.from === block.from && at.to === block.to && at.name === block.name) return end
    if (end === null && (at.parent?.name === 'Body' || at.parent?.name === 'Script')) end = at.to
    if (at.name === 'ForStatement' || at.name === 'WhileStatement') end = at.to
  }
  return null
}
