import { balanced, topLevelParts } from '../source-text.ts'

/** A call: its callee with imports and instances resolved (`requests.Session().get`), its arguments at the top level. */
export interface PythonCall { name: string; offset: number; parts: string[] }

const mostCalls = 20_000
const head = /(?:^|[^\w.])([A-Za-z_]\w{0,80}(?:\.[A-Za-z_]\w{0,80}){0,6})\s{0,4}\(/g
/** `asyncio.run(...)`'s siblings that are called on a call: `Client().fetch(`. */
const behind = /([A-Za-z_]\w{0,80}(?:\.[A-Za-z_]\w{0,80}){0,4})\(([^()\n]{0,200})\)\.([A-Za-z_]\w{0,80})\s{0,4}\(/g
/** Names by which sessions and clients go in code that does not show how they were made. */
const usual: Record<string, string> = { session: 'requests.Session()', 'self.session': 'requests.Session()', 'self._session': 'requests.Session()' }
const classes = /^(?:requests\.(?:Session|session)|httpx\.(?:Async)?Client|aiohttp\.ClientSession|urllib3\.PoolManager|subprocess\.Popen|tornado\.httpclient\.AsyncHTTPClient)$/

/** What the names of a Python file stand for. */
export function namesOf(source: string): Map<string, string> {
  const names = new Map<string, string>()
  const set = (name: string, value: string) => { if (names.size < 5000) names.set(name, value) }
  for (const match of source.matchAll(/^[ \t]*from[ \t]+([\w.]{1,100})[ \t]+import[ \t]+(?:\(([^)]{0,2000})\)|([^\n(]{1,500}))/gm)) {
    for (const part of (match[2] ?? match[3] ?? '').split(',')) {
      const [member = '', name = ''] = part.trim().split(/\s+as\s+/)
      if (/^\w+$/.test(member)) set(name === '' ? member : name, `${match[1]}.${member}`)
    }
  }
  for (const match of source.matchAll(/^[ \t]*import[ \t]+([^\n]{1,300})/gm)) for (const part of (match[1] ?? '').split(',')) {
    const [module = '', name = ''] = part.trim().split(/\s+as\s+/)
    if (name !== '') set(name, module)
  }
  const asynchronous = /\baiohttp\b/.test(source) && !/\brequests\b/.test(source)
  for (const [name, value] of Object.entries(usual)) set(name, asynchronous ? 'aiohttp.ClientSession()' : value)
  for (const match of source.matchAll(/([A-Za-z_][\w.]{0,80})[ \t]*(?::[^=\n]{1,60})?=[ \t]*(?:await[ \t]+)?([A-Za-z_][\w.]{0,80})\(|\bwith[ \t]+([A-Za-z_][\w.]{0,80})\((?:[^()\n]|\([^()\n]*\)){0,300}\)[ \t]+as[ \t]+(\w{1,80})/g)) {
    const made = resolve(match[2] ?? match[3] ?? '', names)
    if (classes.test(made)) set(match[1] ?? match[4] ?? '', `${made.replace('.session', '.Session')}()`)
  }
  return names
}

function resolve(callee: string, names: ReadonlyMap<string, string>): string {
  const parts = callee.split('.')
  for (let length = Math.min(2, parts.length); length > 0; length--) {
    const known = names.get(parts.slice(0, length).join('.'))
    if (known) return [known, ...parts.slice(length)].join('.')
  }
  return callee
}

export function pythonCalls(source: string, names: ReadonlyMap<string, string>): PythonCall[] {
  const calls: PythonCall[] = []
  let tried = 0
  const add = (name: string, offset: number, open: number) => {
    const inside = balanced(source, open)
    if (inside !== null) calls.push({ name, offset, parts: topLevelParts(inside) })
  }
  for (const match of source.matchAll(head)) {
    if (tried++ > mostCalls) break
    add(resolve(match[1] ?? '', names), match.index + match[0].indexOf(match[1] ?? ''), match.index + match[0].length - 1)
  }
  tried = 0
  for (const match of source.matchAll(behind)) {
    if (tried++ > mostCalls) break
    add(`${resolve(match[1] ?? '', names)}().${match[3]}`, match.index, match.index + match[0].length - 1)
  }
  return calls
}
