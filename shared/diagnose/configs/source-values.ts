import { unitMs } from './durations.ts'

/** A number that source code writes; `assumed` where it only holds unless something (an environment variable) says otherwise. */
export interface SourceValue { value: number; assumed: boolean }
/** What a name of the source stands for; null if that is not known. */
export type Names = (name: string) => SourceValue | null

const token = /\s*(?:(\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)n?|("[^"\n]{0,80}"|'[^'\n]{0,80}'|`[^`\n]{0,80}`)|([A-Za-z_$][\w$]{0,80}(?:\??\.[A-Za-z_$][\w$]{0,80}){0,8})|(\*\*|<<|\|\||\?\?|[-+*/(),=!]))/y
const longest = 300
const deepest = 30

/** Functions that hand their first argument through. */
const through = /^(?:parseInt|parseFloat|Number|BigInt|int|float|str|String|Decimal|time\.Duration|Math\.(?:round|floor|ceil|trunc)|Number\.parse(?:Int|Float)|round|int64|float64|uint)$/
/** Functions whose second argument stands in for what is not set. */
const orElse = /(?:^|\.)(?:getenv|environ\.get|env\.get|config|config\.get|getEnv|getEnvAs(?:Int|Duration)|get)$/

/**
 * The value of an arithmetic expression as Go, JavaScript and Python write one: `30 * 1000`, `5e3`, `(2 + 1) * time.Second`,
 * `int(os.getenv("T", "30"))`, `Number(process.env.T) || 5000`. Null for what is computed elsewhere. Never throws.
 */
export function valueOf(expression: string, names: Names): SourceValue | null {
  const text = expression.trim().replace(/\s+as\s+\w+$/, '').replace(/;$/, '')
  if (text === '' || text.length > longest) return null
  const reader = new Expression(text, names)
  const value = reader.either(0)
  return reader.isAtEnd() && value !== null && Number.isFinite(value.value) ? value : null
}

type Token = { kind: 'number' | 'text' | 'name' | 'sign' | 'end'; text: string }

class Expression {
  readonly #tokens: Token[] = []
  #at = 0
  readonly #names: Names

  constructor(text: string, names: Names) {
    this.#names = names
    token.lastIndex = 0
    while (token.lastIndex < text.length) {
      const from = token.lastIndex
      const match = token.exec(text)
      if (!match) {
        this.#tokens.push({ kind: 'sign', text: `?${text.slice(from)}` })
        break
      }
      this.#tokens.push(match[1] !== undefined ? { kind: 'number', text: match[1] } : match[2] !== undefined ? { kind: 'text', text: match[2].slice(1, -1) } : match[3] !== undefined ? { kind: 'name', text: match[3] } : { kind: 'sign', text: match[4] ?? '' })
    }
  }

  isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** `a || b`, `a ?? b`, `a or b`: what is not known gives way to what stands behind it. */
  either(depth: number): SourceValue | null {
    let value = this.#sum(depth)
    while (this.#takeSign('||') || this.#takeSign('??') || this.#takeName('or')) {
      const other = this.#sum(depth)
      value = value === null || value.value === 0 ? (other === null ? null : { ...other, assumed: true }) : value
    }
    return value
  }

  #sum(depth: number): SourceValue | null {
    let value = this.#product(depth)
    for (;;) {
      const sign = this.#takeSign('+') ? 1 : this.#takeSign('-') ? -1 : 0
      if (sign === 0) return value
      value = both(value, this.#product(depth), (a, b) => a + sign * b)
    }
  }

  #product(depth: number): SourceValue | null {
    let value = this.#power(depth)
    for (;;) {
      if (this.#takeSign('*')) value = both(value, this.#power(depth), (a, b) => a * b)
      else if (this.#takeSign('/')) value = both(value, this.#power(depth), (a, b) => a / b)
      else if (this.#takeSign('<<')) value = both(value, this.#power(depth), (a, b) => a * 2 ** b)
      else return value
    }
  }

  #power(depth: number): SourceValue | null {
    const value = this.#single(depth)
    return this.#takeSign('**') ? both(value, this.#power(depth + 1), (a, b) => a ** b) : value
  }

  #single(depth: number): SourceValue | null {
    if (depth > deepest) return null
    if (this.#takeSign('+')) return this.#single(depth + 1)
    if (this.#takeSign('-')) return both(this.#single(depth + 1), { value: -1, assumed: false }, (a, b) => a * b)
    if (this.#takeSign('(')) {
      const value = this.either(depth + 1)
      return this.#takeSign(')') ? value : null
    }
    const next = this.#tokens[this.#at] ?? { kind: 'end', text: '' }
    if (next.kind === 'sign' || next.kind === 'end') return null
    this.#at++
    const value = next.kind === 'number' ? plain(next.text.replaceAll('_', '')) : next.kind === 'text' ? plain(next.text) : this.#takeSign('(') ? this.#call(next.text, depth + 1) : this.#names(next.text)
    while (this.#takeSign('!')) { /* TypeScript's "is not null" says nothing of the value. */ }
    return value
  }

  #call(name: string, depth: number): SourceValue | null {
    const given: (SourceValue | null)[] = []
    const first = this.#tokens[this.#at]
    while (!this.isAtEnd() && !this.#takeSign(')')) {
      given.push(this.either(depth))
      // What is no expression of ours, `seconds=5` say, ends the call unread.
      if (!this.#takeSign(',') && this.#tokens[this.#at]?.text !== ')') {
        this.#at = this.#tokens.length + 1
        return null
      }
    }
    if (name === 'ms' && first?.kind === 'text') return spelled(first.text)
    if (through.test(name)) return given[0] ?? null
    if (orElse.test(name)) return given[1] ? { ...given[1], assumed: true } : null
    return null
  }

  #takeSign(text: string): boolean {
    const next = this.#tokens[this.#at]
    if (next?.kind !== 'sign' || next.text !== text) return false
    this.#at++
    return true
  }

  #takeName(text: string): boolean {
    const next = this.#tokens[this.#at]
    if (next?.kind !== 'name' || next.text !== text) return false
    this.#at++
    return true
  }
}

function both(a: SourceValue | null, b: SourceValue | null, join: (a: number, b: number) => number): SourceValue | null {
  return a === null || b === null ? null : { value: join(a.value, b.value), assumed: a.assumed || b.assumed }
}

function plain(text: string): SourceValue | null {
  return /^(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim()) ? { value: Number(text), assumed: false } : null
}

/** `ms('5s')` of the npm package. */
function spelled(text: string): SourceValue | null {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text.trim())
  return match ? { value: Number(match[1]) * unitMs[(match[2] ?? 'ms') as keyof typeof unitMs], assumed: false } : null
}
