import type { LogFact } from '../../shared/diagnose/logs/fact.ts'

/** Facts kept per class; the first half and the latest half, so that the beginning of an incident and its end are both there. */
const mostPerClass = { acts: 6000, sees: 6000, hint: 2000, fine: 2000, plain: 4000 } as const
type Class = keyof typeof mostPerClass

/** Keeps a bounded selection of facts, however many there are; nothing of weight is lost to what is ordinary. */
export class FactStore {
  readonly #classes = new Map<Class, { first: LogFact[]; latest: LogFact[]; next: number; seen: number }>()
  readonly #focus: ((fact: LogFact) => boolean) | null

  /** With a focus (a time, a request) only facts it accepts are kept. */
  constructor(focus: ((fact: LogFact) => boolean) | null = null) {
    this.#focus = focus
  }

  add(fact: LogFact): void {
    if (this.#focus && !this.#focus(fact)) return
    const name = classOf(fact)
    const kept = this.#classes.get(name) ?? { first: [], latest: [], next: 0, seen: 0 }
    this.#classes.set(name, kept)
    kept.seen++
    const half = mostPerClass[name] / 2
    if (kept.first.length < half) kept.first.push(fact)
    else {
      kept.latest[kept.next] = fact
      kept.next = (kept.next + 1) % half
    }
  }

  /** Everything kept, class by class. */
  facts(): LogFact[] {
    return [...this.#classes.values()].flatMap((kept) => [...kept.first, ...kept.latest.slice(kept.next), ...kept.latest.slice(0, kept.next)])
  }

  /** How many facts of weight were left out. */
  dropped(): number {
    let count = 0
    for (const [name, kept] of this.#classes) if (name === 'acts' || name === 'sees') count += kept.seen - kept.first.length - kept.latest.length
    return count
  }
}

function classOf(fact: LogFact): Class {
  for (const role of ['acts', 'sees', 'hint'] as const) if (fact.signs.some((sign) => sign.role === role)) return role
  return fact.request !== null && fact.signs.length > 0 ? 'fine' : 'plain'
}
