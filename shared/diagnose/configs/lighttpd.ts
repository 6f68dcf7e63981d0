import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { msOf, parseSeconds } from './durations.ts'
import { linesWithIncludes, namesIncluded, type Include } from './includes.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'

const product = 'lighttpd'
interface Kind { cause: Cause | null; counts: Counts; meaning: string; defaultMs: number | null; alsoCauses?: Cause[] }
const settings: Record<string, Kind> = {
  'server.max-read-idle': { cause: 'proxy.client_body', alsoCauses: ['proxy.client_header'], counts: 'request', meaning: 'Longest silence of a client that is sending its request.', defaultMs: 60_000 },
  'server.max-write-idle': { cause: 'proxy.client_write', counts: 'write', meaning: 'Longest pause in which the client takes nothing of the answer.', defaultMs: 360_000 },
  'server.max-keep-alive-idle': { cause: 'proxy.idle', counts: 'idle', meaning: 'How long an idle kept-alive client connection stays open.', defaultMs: 5000 },
  'server.graceful-shutdown-timeout': { cause: 'proxy.stopped', counts: 'stop', meaning: 'After a graceful stop, what still runs is ended when it passes.', defaultMs: null },
  'server.max-request-size': { cause: 'proxy.rejected', counts: 'size', meaning: 'Largest request body, in KB.', defaultMs: null },
}
/** Keys inside proxy.server, fastcgi.server and the like, and in cgi.limits. */
const inner: Record<string, Record<string, Kind>> = {
  cgi: {
    'read-timeout': { cause: 'connector.python', counts: 'wait', meaning: 'Longest silence of a CGI program.', defaultMs: null },
    'write-timeout': { cause: 'connector.python', counts: 'write', meaning: 'Longest wait for a CGI program to read its input.', defaultMs: null },
    'tcp-fin-propagate': { cause: null, counts: 'other', meaning: 'Which signal a CGI program gets when its client leaves.', defaultMs: null },
  },
  flags: {
    'server.graceful-shutdown-timeout': { cause: 'proxy.stopped', counts: 'stop', meaning: 'After a graceful stop, what still runs is ended when it passes.', defaultMs: null },
  },
  backend: {
    'connect-timeout': { cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to the backend (8 s by default).', defaultMs: null },
    'disable-time': { cause: null, alsoCauses: ['proxy.backend_down'], counts: 'other', meaning: 'How long a failed backend is not tried again.', defaultMs: null },
    'read-timeout': { cause: 'proxy.read', counts: 'wait', meaning: 'Longest silence of the backend.', defaultMs: null },
    'write-timeout': { cause: 'proxy.send', counts: 'write', meaning: 'Longest wait for the backend to take the request.', defaultMs: null },
  },
}

/** lighttpd: settings, backends with nested lists, `cgi.limits`. Values are seconds. */
export const lighttpdConfig: ConfigReader = {
  id: 'lighttpd', kind: 'lighttpd configuration',
  recognises: ({ text }) => Math.min(1, new Set([...text.matchAll(/^[ \t]*(server\.[\w-]+|proxy\.server|fastcgi\.server|scgi\.server|cgi\.\w+|accesslog\.\w+|\$HTTP\[)/gm)].slice(0, 30).map((match) => match[1] ?? '')).size * 0.3),
  includes: (file, others) => namesIncluded(file, others, includesOf),
  read: (whole, others) => {
    const { file } = whole
    const notes: DiagnosisNote[] = []
    const limits: DiagnosedLimit[] = []
    const lines = linesWithIncludes(whole, others, includesOf, notes)
    let scope = ''
    let depth = 0
    const conditions: string[] = []
    for (const at of lines) {
      const line = at.text.replace(/#.*$/, '').slice(0, 65_536)
      const program = /^\s*include_shell\s+(.{1,200})$/.exec(line)?.[1]
      if (program) notes.push(noteOf(at.file, at.line, `include_shell ${program.trim()}: what the program prints is not known here; limits set there are missing`))
      const condition = /^\s*(?:\}\s*)?(?:else\s*)?(\$[A-Z_]+\[?[^{]{0,200}?)\s*\{\s*$/.exec(line)
      if (condition && conditions.length < 50) conditions.push((condition[1] ?? '').trim())
      else if (/^\s*\}/.test(line)) conditions.pop()
      const within = conditions.join(', ')
      const head = /^\s*([\w.-]+)\s*\+?=\s*(.*)$/.exec(line)
      if (head && depth <= 0) scope = head[1] ?? ''
      const kind = settings[scope]
      if (head && kind) limits.push(limitFor(scope, (head[2] ?? '').trim(), kind, { file: at.file, line: at.line, scope: within || null }, notes))
      const table = /^cgi\.limits/.test(scope) ? inner['cgi'] : /^server\.feature-flags/.test(scope) ? inner['flags'] : /^(?:proxy|fastcgi|scgi|wstunnel|ajp13|uwsgi|sockproxy)\.server/.test(scope) ? inner['backend'] : undefined
      for (const match of line.matchAll(/"([\w.-]+)"\s*=>\s*"?([\d.]+)"?/g)) {
        const found = table?.[match[1] ?? '']
        if (found) limits.push(limitFor(scope.startsWith('server.') ? match[1] ?? '' : `${scope} ${match[1]}`, match[2] ?? '', found, { file: at.file, line: at.line, scope: within === '' ? scope : `${within}, ${scope}` }, notes))
      }
      depth = Math.max(0, depth + (line.match(/\(/g)?.length ?? 0) - (line.match(/\)/g)?.length ?? 0))
    }
    const backends = lines.some((at) => /^[ \t]*(?:proxy|fastcgi|scgi)\.server\b/.test(at.text))
    const dial = inner['backend']?.['connect-timeout']
    if (backends && dial && !limits.some((limit) => limit.directive.endsWith(' connect-timeout'))) limits.push(limitOf({ layer: 'proxy', product, directive: 'connect-timeout', valueMs: 8000, asWritten: '8', file, line: null, meaning: dial.meaning, cause: dial.cause, counts: dial.counts, isDefault: true }))
    for (const [name, kind] of Object.entries(settings)) if (kind.defaultMs !== null && !limits.some((limit) => limit.directive === name)) limits.push(limitOf({ layer: 'proxy', product, directive: name, valueMs: kind.defaultMs, asWritten: String(kind.defaultMs / 1000), file, line: null, meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts, isDefault: true }))
    return { limits, notes }
  },
}

/** `include "conf.d/*.conf"`; a `#` in front makes it a remark. */
function includesOf(line: string): readonly Include[] {
  const pattern = /^\s*include\s+"([^"\n]{1,500})"/.exec(line)?.[1]
  return pattern === undefined ? [] : [{ pattern }]
}

function limitFor(directive: string, text: string, kind: Kind, at: { file: string; line: number; scope: string | null }, notes: DiagnosisNote[]): DiagnosedLimit {
  const ms = kind.counts === 'size' ? null : msOf(parseSeconds(text.replaceAll('"', '')))
  if (ms === null && kind.counts !== 'size') notes.push(noteOf(at.file, at.line, `${directive} = ${text}: not a number of seconds`))
  return limitOf({ layer: kind.cause?.startsWith('connector') ? 'connector' : 'proxy', product, directive, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: text, file: at.file, line: at.line, enforced: kind.counts === 'size' || (ms !== null && ms > 0), meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts, scope: at.scope })
}
