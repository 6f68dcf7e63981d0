import type { LayerId } from '../../../flow/layers.ts'
import type { Cause } from '../../../verdict/causes.ts'
import type { Counts } from '../../diagnosis.ts'

/** What a setting of Node's world limits. */
export interface Kind {
  layer: LayerId; product: string; directive: string; cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[]
  /** A size or a number, no time. */
  size?: boolean
  /** A socket's timer cuts a value above 2^31 off; every other timer fires at once. */
  socket?: boolean
}

/** Settings of a call: by the path of the option (`timeout.request`), or by the place of the argument. */
export interface CallRule { call: RegExp; fields?: Record<string, Kind>; args?: Record<number, Kind> }

const node = { layer: 'gateway' as const, product: 'Node' }
const client = { layer: 'client' as const }
const total = (product: string, directive: string, meaning: string): Kind => ({ ...client, product, directive, cause: 'client.total', alsoCauses: ['proxy.read'], counts: 'total', meaning })
const firstByte = (product: string, directive: string, meaning: string): Kind => ({ ...client, product, directive, cause: 'client.first_byte', alsoCauses: ['client.read', 'proxy.read'], counts: 'wait', meaning })
const pause = (product: string, directive: string, meaning: string): Kind => ({ ...client, product, directive, cause: 'client.read', alsoCauses: ['client.first_byte', 'proxy.read'], counts: 'wait', meaning })
const connect = (product: string, directive: string, meaning = 'For connecting.'): Kind => ({ ...client, product, directive, cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning })

/** Settings of Node's own server, by property; source: the documentation of node:http. */
export const serverSettings: Record<string, Kind> = {
  requestTimeout: { ...node, directive: 'server.requestTimeout', cause: 'gateway.read', alsoCauses: ['gateway.read_header'], counts: 'request', meaning: 'The whole request must have arrived (300 s by default). Looked at every connectionsCheckingInterval, 30 s unless set.' },
  headersTimeout: { ...node, directive: 'server.headersTimeout', cause: 'gateway.read_header', counts: 'request', meaning: 'The request header must have arrived (60 s by default). Looked at every connectionsCheckingInterval.' },
  keepAliveTimeout: { ...node, directive: 'server.keepAliveTimeout', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request (5 s by default, plus a second).' },
  connectionsCheckingInterval: { ...node, directive: 'connectionsCheckingInterval', cause: null, counts: 'other', meaning: 'How often requestTimeout and headersTimeout are looked at.' },
}
/** `server.timeout = 5000` and `server.setTimeout(5000)`. */
export const serverTimeout = (directive: string): Kind => ({ ...node, directive, cause: 'gateway.idle', counts: 'wait', socket: true, meaning: 'Longest silence of a socket, a waiting client among them: the server destroys it.' })
const fastifySettings: Record<string, Kind> = {
  ...Object.fromEntries(Object.entries(serverSettings).map(([name, kind]) => [name, { ...kind, product: 'fastify', directive: name, meaning: kind.meaning.replace('300 s by default', 'none by default') }])), connectionTimeout: { ...node, product: 'fastify', directive: 'connectionTimeout', cause: 'gateway.idle', counts: 'wait', socket: true, meaning: 'Fastify: longest silence of a socket.' },
  bodyLimit: { ...node, product: 'fastify', directive: 'bodyLimit', cause: 'gateway.rejected', counts: 'size', size: true, meaning: 'Largest request body (1 MiB by default).' },
}

const proxySettings = (product: string): Record<string, Kind> => ({
  proxyTimeout: { layer: 'proxy', product, directive: 'proxyTimeout', cause: 'proxy.read', alsoCauses: ['proxy.connect'], counts: 'wait', socket: true, meaning: 'Longest silence of the target.' },
  timeout: { layer: 'proxy', product, directive: 'timeout', cause: 'proxy.idle', alsoCauses: ['gateway.idle'], counts: 'wait', socket: true, meaning: 'Longest silence of the incoming socket: a waiting client counts as silent.' },
})

const undiciSettings: Record<string, Kind> = {
  headersTimeout: firstByte('undici', 'headersTimeout', 'For the answer’s header (300 s by default).'), bodyTimeout: pause('undici', 'bodyTimeout', 'Longest pause within the body (300 s by default).'),
  connectTimeout: connect('undici', 'connectTimeout', 'For connecting (10 s by default).'), 'connect.timeout': connect('undici', 'connect.timeout', 'For connecting (10 s by default).'),
  keepAliveTimeout: { ...client, product: 'undici', directive: 'keepAliveTimeout', cause: null, counts: 'idle', meaning: 'How long an idle connection is kept for reuse (4 s by default).' },
}
const gotSettings: Record<string, Kind> = {
  timeout: total('got', 'timeout', 'got: for the whole call, each try of it.'), 'timeout.request': total('got', 'timeout.request', 'got: for the whole call, each try of it.'), 'timeout.response': firstByte('got', 'timeout.response', 'got: for the first byte.'),
  'timeout.connect': connect('got', 'timeout.connect', 'got: for connecting.'), 'timeout.secureConnect': connect('got', 'timeout.secureConnect', 'got: for the TLS handshake.'), 'timeout.lookup': connect('got', 'timeout.lookup', 'got: for resolving the name.'),
  'timeout.socket': pause('got', 'timeout.socket', 'got: longest silence of the socket.'), 'timeout.read': pause('got', 'timeout.read', 'got: for the body.'), 'timeout.send': { ...pause('got', 'timeout.send', 'got: for sending the request.'), counts: 'write' },
}
const childSettings: Record<string, Kind> = {
  timeout: { layer: 'connector', product: 'Node', directive: 'child_process timeout', cause: 'connector.python', counts: 'total', meaning: 'The child gets killSignal (SIGTERM unless set) when it passes; one that ignores it runs on.' },
  maxBuffer: { layer: 'connector', product: 'Node', directive: 'maxBuffer', cause: 'script.output_limit', counts: 'size', size: true, meaning: 'Most output of a child (1 MiB by default); it is killed above.' },
}
const onlyAnEvent = firstByte('Node', 'http.request timeout', 'Only an event: nothing is cut unless the program destroys the request.')

/** Options and arguments of calls, by the callee's resolved name; source: the documentation of each library. */
export const callRules: readonly CallRule[] = [
  { call: /^http\.(?:createServer|createSecureServer)$/, fields: serverSettings },
  { call: /^fastify$/, fields: fastifySettings },
  { call: /^(?:@server|http\.createServer\(\)|@app\.listen\(\)|@app)\.setTimeout$|^(?:http\.createServer|@app\.listen|@server\.listen|\w+\.listen)\(\)\.setTimeout$/, args: { 0: serverTimeout('server.setTimeout') } },
  { call: /^(?:hapi\.server|hapi\.Server)$/, fields: {
    'routes.timeout.server': { ...node, product: 'hapi', directive: 'routes.timeout.server', cause: 'gateway.handler', counts: 'total', meaning: 'The handler must have answered; 503 when it passes.' },
    'routes.timeout.socket': { ...node, product: 'hapi', directive: 'routes.timeout.socket', cause: 'gateway.idle', counts: 'wait', socket: true, meaning: 'Longest silence of a socket (2 min by default).' },
    'routes.payload.timeout': { ...node, product: 'hapi', directive: 'routes.payload.timeout', cause: 'gateway.read', counts: 'request', meaning: 'The request body must have arrived (10 s by default).' },
  } },
  { call: /^connect-timeout(?:\.handler)?$/, args: { 0: { ...node, directive: 'connect-timeout', cause: 'gateway.handler', counts: 'total', meaning: 'The handler must have answered; 503 when it passes.' } } },
  { call: /^http-proxy(?:\.(?:createProxyServer|createServer|createProxy))?$/, fields: proxySettings('http-proxy') },
  { call: /^http-proxy-middleware(?:\.(?:createProxyMiddleware|legacyCreateProxyMiddleware))?$/, fields: proxySettings('http-proxy-middleware') },
  { call: /\.register$/, fields: {
    'http.requestOptions.timeout': { layer: 'proxy', product: 'fastify', directive: 'http.requestOptions.timeout', cause: 'proxy.read', counts: 'wait', meaning: 'Longest silence of the upstream (10 s by default).' },
    'undici.headersTimeout': { layer: 'proxy', product: 'undici', directive: 'headersTimeout', cause: 'proxy.read', counts: 'wait', meaning: 'For the upstream’s answer header (300 s by default).' },
    'undici.bodyTimeout': { layer: 'proxy', product: 'undici', directive: 'bodyTimeout', cause: 'proxy.read', counts: 'wait', meaning: 'Longest pause within the upstream’s answer (300 s by default).' },
  } },
  { call: /^(?:axios|@axios)(?:\.(?:create|get|post|put|patch|delete|head|options|request))?$/, fields: { timeout: total('axios', 'timeout', 'axios: for the answer, in milliseconds (0 is none).') } },
  { call: /^http\.(?:get|request)$/, fields: { timeout: onlyAnEvent } },
  { call: /^http\.Agent$/, fields: { timeout: { ...onlyAnEvent, directive: 'http.Agent timeout' } } },
  { call: /^undici\.(?:Agent|Pool|Client|ProxyAgent|EnvHttpProxyAgent|BalancedPool|RetryAgent|request|fetch|stream|pipeline)$/, fields: undiciSettings },
  { call: /^(?:got|@got)(?:\.(?:get|post|put|patch|delete|head|extend|stream|paginate))?$/, fields: gotSettings },
  { call: /^(?:ky|@ky)(?:\.(?:get|post|put|patch|delete|head|create|extend))?$/, fields: { timeout: total('ky', 'timeout', 'ky: for the whole call (10 s by default).') } },
  { call: /^node-fetch$/, fields: { timeout: total('node-fetch', 'timeout', 'node-fetch 2: for the answer and its body.') } },
  { call: /^(?:request|request-promise|request-promise-native|needle)(?:\.(?:get|post|put|patch|delete|head))?$/, fields: { timeout: firstByte('request', 'timeout', 'For the answer’s header, and for connecting.') } },
  { call: /^superagent\b.*\(\)\.timeout$|^request\.\w+\(\)\.timeout$/, args: { 0: total('superagent', 'timeout', 'superagent: for the whole call.') }, fields: { deadline: total('superagent', 'timeout.deadline', 'superagent: for the whole call.'), response: firstByte('superagent', 'timeout.response', 'superagent: for the first byte.') } },
  { call: /^(?:child_process\.(?:execFile|exec|spawn|fork|execFileSync|execSync|spawnSync)|execa(?:\.\w+)?)$/, fields: childSettings },
  { call: /^AbortSignal\.timeout$/, args: { 0: total('Node', 'AbortSignal.timeout', 'For the whole call.') } },
  { call: /^@request\.setTimeout$/, args: { 0: { ...firstByte('Node', 'req.setTimeout', 'Longest silence of the socket: only an event, unless the program destroys the request.'), socket: true } } },
]

/** `req.setTimeout`, `socket.setTimeout` of a name that says no more. */
export const socketTimeout = (directive: string): Kind => ({ ...firstByte('Node', directive, 'Longest silence of the socket.'), alsoCauses: ['proxy.read', 'gateway.idle'], socket: true })
export const incomingTimeout = (directive: string): Kind => ({ ...node, directive, cause: 'gateway.idle', counts: 'wait', socket: true, meaning: 'Longest silence of the client’s socket, its waiting for an answer among it.' })
/** What a plain timer ends, by what its function does. */
export const timerKinds: readonly { does: RegExp; kind: Kind }[] = [
  { does: /\.kill\s*\(|\btreeKill\s*\(/, kind: { layer: 'connector', product: 'Node', directive: 'setTimeout, then kill', cause: 'connector.python', counts: 'total', meaning: 'The program ends its child itself when it passes.' } },
  { does: /\.abort\s*\(/, kind: { ...client, product: 'Node', directive: 'setTimeout, then abort', cause: 'client.canceled', alsoCauses: ['proxy.read', 'client.total'], counts: 'total', meaning: 'The program cancels its own call when it passes.' } },
  { does: /\.status\(\s*50[34]|\.writeHead\(\s*50[34]|statusCode\s*=\s*50[34]|\.code\(\s*50[34]/, kind: { ...node, directive: 'setTimeout, then 50x', cause: 'gateway.handler', counts: 'total', meaning: 'The handler answers for itself when it passes.' } },
  { does: /\.destroy\s*\(|\breject\w*\s*\(|\brej\s*\(|throw\s/, kind: { ...client, product: 'Node', directive: 'setTimeout, then give up', cause: 'client.total', alsoCauses: ['proxy.read', 'gateway.handler'], counts: 'total', meaning: 'The program gives up when it passes.' } },
]
