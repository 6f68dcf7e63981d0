import type { Evidence } from '../../verdict/verdict.ts'
import type { DiagnosedLimit } from '../diagnosis.ts'
import type { LogFact, Sign } from '../logs/fact.ts'
import type { Picture } from '../observe/picture.ts'

/** A log entry with what it means; `ref` finds it: `log:error.log:12`. */
export function signEvidence(fact: LogFact, sign: Sign): Evidence {
  return { kind: 'log', text: `${shortened(fact.text)} (${sign.means})`, ref: `log:${fact.file}:${fact.line}` }
}

export function factEvidence(fact: LogFact, means: string): Evidence {
  return { kind: 'log', text: `${shortened(fact.text)} (${means})`, ref: `log:${fact.file}:${fact.line}` }
}

export function viewEvidence(picture: Picture): Evidence {
  return { kind: 'client', text: picture.saw, ref: null }
}

export function configEvidence(limit: DiagnosedLimit, words: string): Evidence {
  return { kind: 'config', text: `${limit.directive} ${limit.asWritten}${limit.isDefault ? ' (default)' : ''}: ${words}`, ref: `config:${limit.file}${limit.line === null ? '' : `:${limit.line}`}` }
}

function shortened(text: string): string {
  return text.length > 240 ? `${text.slice(0, 239)}…` : text
}
