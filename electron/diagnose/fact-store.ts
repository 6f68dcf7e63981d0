import type { LogFact } from '../../shared/diagnose/logs/fact.ts'

/** Facts of one file, bounded: what acted or saw an ending stays before what went well. */
export interface FactStore {
  add(fact: LogFact): void
  facts(): LogFact[]
  readonly seen: number
  readonly dropped: number
}

const mostTelling = 20_000
const mostOthers = 5000

export function createFactStore(): FactStore {
  const telling: LogFact[] = []
  const others: LogFact[] = []
  let seen = 0
  let dropped = 0
  /** The newest stay: whoever brings a log brings it because of how it ended. */
  const push = (list: LogFact[], most: number, fact: LogFact) => {
    list.push(fact)
    if (list.length < most * 2) return
    dropped += list.length - most
    list.splice(0, list.length - most)
  }
  return {
    get seen() { return seen },
    get dropped() { return dropped },
    add(fact) {
      seen++
      if (fact.signs.some((sign) => sign.role === 'acts' || sign.role === 'sees')) push(telling, mostTelling, fact)
      else push(others, mostOthers, fact)
    },
    facts: () => [...telling, ...others].toSorted((a, b) => a.line - b.line),
  }
}
