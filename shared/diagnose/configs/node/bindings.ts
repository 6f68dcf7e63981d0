/** What the names of a source file stand for: a module (`http`), a member of one (`http.createServer`) or something made (`@server`). */
export type Bindings = ReadonlyMap<string, string>

const word = String.raw`[A-Za-z_$][\w$]{0,80}`
/** Well-known names in a snippet that shows no import. */
const usual: Record<string, string> = {
  axios: 'axios', got: 'got', ky: 'ky', fetch: 'fetch', http: 'http', https: 'http', http2: 'http', undici: 'undici', fastify: 'fastify', Fastify: 'fastify', superagent: 'superagent', httpProxy: 'http-proxy', createProxyServer: 'http-proxy.createProxyServer',
  createProxyMiddleware: 'http-proxy-middleware.createProxyMiddleware', createServer: 'http.createServer', execFile: 'child_process.execFile', exec: 'child_process.exec', spawn: 'child_process.spawn', fork: 'child_process.fork', execFileSync: 'child_process.execFileSync',
  execSync: 'child_process.execSync', spawnSync: 'child_process.spawnSync', execa: 'execa', execaSync: 'execa', Hapi: 'hapi', setTimeout: 'setTimeout', AbortSignal: 'AbortSignal', server: '@server', httpServer: '@server', app: '@app', request: 'request', Agent: 'undici.Agent',
  setGlobalDispatcher: 'undici.setGlobalDispatcher', axiosRetry: 'axios-retry', timeout: 'connect-timeout', cp: 'child_process', child_process: 'child_process', childProcess: 'child_process',
}

/** Modules that are one and the same for timeouts. */
function moduleOf(name: string): string {
  const bare = name.replace(/^node:/, '')
  if (bare === 'https' || bare === 'http2') return 'http'
  return { '@hapi/hapi': 'hapi', 'timers/promises': 'timers', 'express-timeout-handler': 'connect-timeout' }[bare] ?? bare
}

/** What calls give: the right side of `const x = ...`. */
const made: [RegExp, string][] = [
  [/^(?:new\s+)?http\.(?:createServer|createSecureServer|Server)$/, '@server'], [/^@app\.listen$/, '@server'], [/^(?:express|koa|connect|restify\.createServer)$/, '@app'], [/^fastify$/, '@fastify'],
  [/^axios\.create$/, '@axios'], [/^got\.extend$/, '@got'], [/^ky\.(?:create|extend)$/, '@ky'], [/^http\.(?:request|get)$/, '@request'],
]

/** Reads imports and what variables are made of. Linear in the text. */
export function bindingsOf(source: string): Bindings {
  const bindings = new Map<string, string>(Object.entries(usual))
  const set = (name: string, value: string) => { if (bindings.size < 5000) bindings.set(name, value) }
  for (const match of source.matchAll(new RegExp(String.raw`\bimport\s+(?:(${word})\s*,?\s*)?(?:\*\s+as\s+(${word})|\{([^}]{0,2000})\})?\s*from\s*['"]([^'"\n]{1,200})['"]`, 'g'))) {
    const from = moduleOf(match[4] ?? '')
    if (match[1]) set(match[1], from)
    if (match[2]) set(match[2], from)
    for (const [name, member] of membersIn(match[3] ?? '', 'as')) set(name, `${from}.${member}`)
  }
  for (const match of source.matchAll(new RegExp(String.raw`\b(?:const|let|var)\s+(?:(${word})|\{([^}]{0,2000})\})\s*=\s*require\(\s*['"]([^'"\n]{1,200})['"]\s*\)(?:\.(${word}))?`, 'g'))) {
    const from = moduleOf(match[3] ?? '')
    if (match[1]) set(match[1], match[4] && match[4] !== 'default' ? `${from}.${match[4]}` : from)
    for (const [name, member] of membersIn(match[2] ?? '', ':')) set(name, `${from}.${member}`)
  }
  for (const match of source.matchAll(new RegExp(String.raw`\b(?:const|let|var)\s+(${word})\s*(?::[^=\n]{1,80})?=\s*(?:await\s+)?(?:new\s+)?(?:(?:util\.)?promisify\(\s*)?(${word}(?:\.${word}){0,4})\s*[()]`, 'g'))) {
    const callee = canonical(match[2] ?? '', bindings)
    const role = made.find(([pattern]) => pattern.test(callee))?.[1]
    if (role) set(match[1] ?? '', role)
    else if (/promisify\(/.test(match[0])) set(match[1] ?? '', callee)
  }
  return bindings
}

/** `a, b as c` or `a, b: c`: name here, member there. */
function membersIn(text: string, as: 'as' | ':'): [string, string][] {
  return text.split(',').flatMap((part): [string, string][] => {
    const [member = '', name = ''] = part.trim().split(as === 'as' ? /\s+as\s+/ : /\s*:\s*/)
    return member === '' ? [] : [[(name === '' ? member : name).trim(), member.replace(/^type\s+/, '')]]
  })
}

/** A callee with its first name replaced by what it stands for: `cp.execFile` is `child_process.execFile`. */
export function canonical(callee: string, bindings: Bindings): string {
  const [first = '', ...rest] = callee.replaceAll(/\s|\?/g, '').split('.')
  const root = bindings.get(first) ?? (first === 'this' && rest.length > 1 ? null : first)
  if (root === null) return canonical(rest.join('.'), bindings)
  return [root, ...rest].join('.').replace(/\.default\b/, '').replace(/^@fastify\.server\b/, '@server').replace(/^(?:undici)\.fetch$/, 'fetch')
}
