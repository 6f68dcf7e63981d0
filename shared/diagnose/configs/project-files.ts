import type { DiagnosisNote } from '../diagnosis.ts'
import { commandLimits } from './command-line.ts'
import { leavesOf } from './json-lines.ts'
import { limitsByPath } from './path-rules.ts'
import { baseName, noteOf, type ConfigReader } from './reader.ts'
import type { YamlLeaf } from './yaml-lines.ts'

/** package.json: the commands of its scripts. */
export const packageScripts: ConfigReader = {
  id: 'package-json', kind: 'package.json',
  recognises: ({ file, text }) => /^package\.json$/i.test(baseName(file)) && /"scripts"\s*:\s*\{/.test(text) ? 0.95 : 0,
  read: ({ file, text }) => {
    const { leaves, problems } = leavesOf(text)
    const notes: DiagnosisNote[] = problems.map((problem) => noteOf(file, problem.line, problem.text))
    return { limits: leaves.flatMap((leaf) => (leaf.path[0] === 'scripts' && typeof leaf.value === 'string' ? commandLimits(leaf.value, { file, line: leaf.line, scope: `scripts.${String(leaf.path[1])}`, notes }) : [])), notes }
  },
}

/** vercel.json: how long functions may run. */
export const vercelConfig: ConfigReader = {
  id: 'vercel', kind: 'vercel.json',
  recognises: ({ file, text }) => /^\s*\{/.test(text) && /"maxDuration"\s*:/.test(text) && (/^vercel\.json$/i.test(baseName(file)) || /"functions"\s*:/.test(text)) ? 0.92 : 0,
  read: ({ file, text }) => {
    const { leaves, problems } = leavesOf(text)
    const notes: DiagnosisNote[] = problems.map((problem) => noteOf(file, problem.line, problem.text))
    const plain: YamlLeaf[] = leaves.map((leaf) => ({ document: 0, path: leaf.path, value: typeof leaf.value === 'number' || typeof leaf.value === 'string' ? leaf.value : null, line: leaf.line, written: String(leaf.value) }))
    return { limits: limitsByPath(plain, [
      { path: /^functions\..*\.maxDuration$/, product: 'Vercel', directive: 'maxDuration', layer: 'platform', cause: 'platform.duration', counts: 'total', form: 's', meaning: 'The function is ended when it passes.' },
      { path: /^functions\..*\.memory$/, product: 'Vercel', directive: 'memory', layer: 'platform', cause: 'platform.memory', counts: 'size', form: 'size', meaning: 'The function’s memory in MB.' },
    ], file, notes), notes }
  },
}
