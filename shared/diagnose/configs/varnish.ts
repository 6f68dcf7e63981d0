import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { msOf, parseVarnishTime } from './durations.ts'
import { linesWithIncludes, namesIncluded, type Include } from './includes.ts'
import { limitOf, noteOf, type ConfigFile, type ConfigReader } from './reader.ts'

const product = 'Varnish'
export interface VarnishKind { cause: Cause | null; alsoCauses?: Cause[]; counts: Counts; meaning: string; defaultMs: number | null }

/** Backend attributes, bereq variables and run-time parameters; source: the VCL and varnishd reference manuals. */
export const varnishKinds: Record<string, VarnishKind> = {
  connect_timeout: { cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to a backend.', defaultMs: 3500 },
  first_byte_timeout: { cause: 'proxy.read', counts: 'wait', meaning: 'For the first byte of the backend’s answer.', defaultMs: 60_000 },
  between_bytes_timeout: { cause: 'proxy.read', counts: 'wait', meaning: 'Longest pause within the backend’s answer.', defaultMs: 60_000 },
  timeout_idle: { cause: 'proxy.idle', alsoCauses: ['proxy.client_header'], counts: 'idle', meaning: 'How long a client connection waits for a request.', defaultMs: 5000 },
  timeout_linger: { cause: null, counts: 'idle', meaning: 'How long a worker stays with an idle client before handing it on.', defaultMs: 50 },
  timeout_req: { cause: 'proxy.client_header', counts: 'request', meaning: 'The whole request header must have arrived.', defaultMs: 2000 },
  send_timeout: { cause: 'proxy.client_write', counts: 'write', meaning: 'For the whole answer to be taken by the client.', defaultMs: 600_000 },
  idle_send_timeout: { cause: 'proxy.client_write', counts: 'write', meaning: 'Longest pause in which the client takes nothing of the answer.', defaultMs: 60_000 },
  pipe_timeout: { cause: 'proxy.idle', counts: 'wait', meaning: 'Longest silence of a piped connection.', defaultMs: 60_000 },
  backend_idle_timeout: { cause: null, alsoCauses: ['proxy.bad_gateway'], counts: 'idle', meaning: 'How long an idle backend connection is kept.', defaultMs: 60_000 },
  backend_wait_timeout: { cause: 'proxy.queue', counts: 'queue', meaning: 'How long a request waits for a free connection of a backend with max_connections.', defaultMs: null },
  wait_timeout: { cause: 'proxy.queue', counts: 'queue', meaning: 'How long a request waits for a free connection of this backend.', defaultMs: null },
  task_deadline: { cause: 'proxy.read', counts: 'total', meaning: 'For a whole fetch from the backend, retries included.', defaultMs: null },
  pipe_task_deadline: { cause: 'proxy.idle', counts: 'total', meaning: 'Longest life of a piped connection.', defaultMs: null },
  interval: { cause: null, counts: 'other', meaning: 'Between two health probes.', defaultMs: 5000 },
  thread_pool_timeout: { cause: null, counts: 'other', meaning: 'How long an idle worker thread is kept.', defaultMs: 300_000 },
  cli_timeout: { cause: null, counts: 'other', meaning: 'How long the manager waits for its child before it kills it.', defaultMs: 60_000 },
  timeout: { cause: null, alsoCauses: ['proxy.backend_down'], counts: 'check', meaning: 'For a health probe to be answered.', defaultMs: 2000 },
}

/** VCL: backends, probes and `set bereq.*_timeout`. */
export const vclConfig: ConfigReader = {
  id: 'vcl', kind: 'Varnish VCL',
  recognises: ({ text }) => /^[ \t]*vcl\s+4\.\d\s*;/m.test(text) ? 1 : /\bbackend\s+\w+\s*\{[^}]{0,2000}\.(?:host|path)\s*=/.test(text) || /\bsub\s+vcl_\w+\s*\{/.test(text) ? 0.9 : 0,
  includes: (file, others) => namesIncluded(uncommented(file), others, includesOf),
  read: (whole, others) => {
    const { file } = whole
    const notes: DiagnosisNote[] = []
    const limits: DiagnosedLimit[] = []
    const lines = linesWithIncludes(uncommented(whole), others.map(uncommented), includesOf, notes)
    let scope = ''
    for (const at of lines) {
      for (const match of at.text.slice(0, 8192).matchAll(/\b(backend|sub|probe)\s+(\w+)\s*\{|(?:\.|bereq\.|beresp\.|sess\.)(\w+)\s*=\s*([\d.]+\s*[a-z]+|[\d.]+)/g)) {
        if (match[1]) scope = `${match[1]} ${match[2]}`
        else limits.push(...vclLimit(match[3] ?? '', match[4] ?? '', { file: at.file, line: at.line, scope }, notes))
      }
    }
    for (const name of ['connect_timeout', 'first_byte_timeout', 'between_bytes_timeout']) if (!limits.some((limit) => limit.directive === name)) limits.push(...varnishDefault(name, file))
    for (const name of ['timeout_idle', 'timeout_req', 'idle_send_timeout', 'send_timeout', ...(lines.some((at) => /return\s*\(\s*pipe\s*\)/.test(at.text)) ? ['pipe_timeout'] : [])]) if (!limits.some((limit) => limit.directive === name)) limits.push(...varnishDefault(name, file))
    return { limits, notes }
  },
}

/** In VCL a duration has a unit: a bare number does not compile. */
function vclLimit(name: string, text: string, at: { file: string; line: number; scope: string }, notes: DiagnosisNote[]): DiagnosedLimit[] {
  if (!/^[\d.]+$/.test(text.trim()) || !varnishKinds[name]) return varnishLimit(name, text, at, notes)
  notes.push(noteOf(at.file, at.line, `${name} = ${text.trim()}: VCL wants a unit here, and does not compile without one`))
  return varnishLimit(name, text, at, notes).map((limit) => ({ ...limit, enforced: false, valueMs: null }))
}

export function varnishLimit(name: string, text: string, at: { file: string; line: number | null; scope: string | null }, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const kind = varnishKinds[name]
  if (!kind) return []
  const never = text.trim() === 'never'
  const ms = never ? null : msOf(parseVarnishTime(text.replaceAll(' ', '')))
  if (ms === null && !never) notes.push(noteOf(at.file, at.line, `${name} ${text}: not a duration Varnish takes`))
  return [limitOf({ layer: 'proxy', product, directive: name, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: text.trim(), file: at.file, line: at.line, enforced: ms !== null && ms > 0, meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts, scope: at.scope })]
}

function varnishDefault(name: string, file: string): DiagnosedLimit[] {
  const kind = varnishKinds[name]
  return kind ? [limitOf({ layer: 'proxy', product, directive: name, valueMs: kind.defaultMs, asWritten: `${(kind.defaultMs ?? 0) / 1000}s`, file, line: null, meaning: kind.meaning, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts, isDefault: true })] : []
}

/** `include "backends.vcl";` and `include +glob "conf.d/*.vcl";`. */
function includesOf(line: string): readonly Include[] {
  if (!line.includes('include')) return []
  return [...line.slice(0, 8192).matchAll(/(?:^|[;{}\s])include\s+(?:\+glob\s+)?"([^"\n]{1,500})"\s*;/g)].map((match) => ({ pattern: match[1] ?? '' }))
}

function uncommented(file: ConfigFile): ConfigFile {
  return /#|\/\/|\/\*/.test(file.text) ? { file: file.file, text: withoutComments(file.text) } : file
}

/** Comments become blanks so that lines keep their numbers. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?:#|\/\/)[^\n]*/g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
}
