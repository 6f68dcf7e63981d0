import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits, gunicornTimeout, jsonOrWords, systemdMs } from './command-line.ts'
import { msOf, parseSeconds } from './durations.ts'
import { baseName, limitOf, noteOf, type ConfigReader } from './reader.ts'

/** Lines of a text with backslash continuations joined; each with the number of its first line. */
function* logicalLines(text: string): Generator<{ text: string; line: number }> {
  let pending = ''
  let first = 1
  for (const [index, raw] of text.split('\n').slice(0, 100_000).entries()) {
    if (pending === '') first = index + 1
    if (/\\\r?$/.test(raw) && pending.length < 65_536) {
      pending += `${raw.replace(/\\\r?$/, '')} `
      continue
    }
    yield { text: (pending + raw.replace(/\r$/, '')).slice(0, 65_536), line: first }
    pending = ''
  }
}

/** Procfile: `web: gunicorn app --timeout 60`. */
export const procfileConfig: ConfigReader = {
  id: 'procfile', kind: 'Procfile',
  recognises: ({ file, text }) => /^Procfile/i.test(baseName(file)) ? 0.95 : text.split('\n').slice(0, 20).filter((line) => line.trim() !== '').every((line) => /^[A-Za-z][\w-]{0,30}: +\S+.*\b(?:gunicorn|uvicorn|node|python\d?|bundle|java|hypercorn|uwsgi|celery)\b/.test(line) || line.startsWith('#')) && /^\w+: /.test(text) ? 0.7 : 0,
  read: ({ file, text }) => ({ notes: [], limits: [...logicalLines(text)].flatMap(({ text: line, line: number }) => {
    const match = /^([\w-]+):\s*(.*)$/.exec(line)
    return match ? commandLimits(match[2] ?? '', { file, line: number, scope: match[1] ?? null }) : []
  }) }),
}

/** A command with an option or an address behind it: a log line that begins with a program's name has neither. */
const commandLine = /^(?:[ \t]*(?:\$ |# )?|CMD |ENTRYPOINT |RUN |exec )(?:\S*\/)?(?:(?:curl|wget)[ \t](?:\S{1,200}[ \t]+){0,20}(?:-{1,2}\w|["']?https?:\/\/)|(?:gunicorn|uvicorn|uwsgi|hypercorn|varnishd)[ \t](?:\S{1,200}[ \t]+){0,20}-{1,2}[a-zA-Z]|timeout[ \t]+(?:-{1,2}\S{1,20}[ \t]+(?:[A-Z]{3,6}[ \t]+)?){0,4}[\d.]+[smhd]?[ \t]+\S|ulimit[ \t]+-\w)/m

/** Shell scripts, Dockerfiles and pasted command lines. */
export const shellConfig: ConfigReader = {
  id: 'shell', kind: 'command lines',
  recognises: ({ file, text }) => {
    const name = baseName(file)
    const commands = commandLine.test(text)
    if (/^#!.*\b(?:ba|da|z|k)?sh\b/.test(text)) return commands ? 0.8 : 0.55
    if (/^(?:Dockerfile|Containerfile)/i.test(name) || /^FROM\s+\S+/m.test(text) && /^(?:CMD|ENTRYPOINT|RUN|COPY)\b/m.test(text)) return 0.9
    return commands && !/^\s*</.test(text) && text.length < 200_000 ? (/\.(?:sh|bash|txt|cmd)$/i.test(name) ? 0.75 : 0.6) : 0
  },
  read: ({ file, text }) => ({ notes: [], limits: [...logicalLines(text)].flatMap(({ text: line, line: number }) => {
    if (/^\s*#(?!!)/.test(line)) return []
    const docker = /^\s*(?:CMD|ENTRYPOINT|RUN|HEALTHCHECK.*?CMD)\s+(.*)$/.exec(line)
    const words = docker?.[1]?.trim() ?? line.replace(/^\s*\$ /, '')
    return commandLimits(words.startsWith('[') ? jsonWords(words) : words, { file, line: number })
  }) }),
}

/** Docker's exec form: a JSON list of words. */
export function jsonWords(text: string): string {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? jsonOrWords(list.map(String)) : text
  } catch {
    return text
  }
}

interface UnitKind { cause: Cause | null; counts: Counts; meaning: string; layer: DiagnosedLimit['layer'] }
const unitKinds: Record<string, UnitKind> = {
  TimeoutStopSec: { layer: 'platform', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop, SIGKILL when it passes (90 s by default).' },
  TimeoutStartSec: { layer: 'platform', cause: 'proxy.refused', counts: 'stop', meaning: 'The service must have started.' },
  TimeoutSec: { layer: 'platform', cause: 'gateway.stopped', counts: 'stop', meaning: 'For starting and for stopping.' },
  RuntimeMaxSec: { layer: 'platform', cause: 'gateway.stopped', counts: 'stop', meaning: 'The service is ended when it has run this long.' },
  WatchdogSec: { layer: 'gateway', cause: 'gateway.worker', counts: 'wait', meaning: 'The service must report this often, or it is killed.' },
  MemoryMax: { layer: 'os', cause: 'os.oom_kill', counts: 'size', meaning: 'The unit’s memory limit.' },
  LimitNOFILE: { layer: 'os', cause: 'os.open_files', counts: 'size', meaning: 'Open descriptors of one process.' },
  LimitAS: { layer: 'os', cause: 'os.address_space', counts: 'size', meaning: 'Address space of one process.' },
  LimitCPU: { layer: 'os', cause: 'os.cpu_time', counts: 'size', meaning: 'CPU time of one process.' },
  TasksMax: { layer: 'os', cause: 'os.processes', counts: 'size', meaning: 'Processes and threads of the unit.' },
}

/** systemd units: their own limits, and the command they start. */
export const systemdConfig: ConfigReader = {
  id: 'systemd', kind: 'systemd unit',
  recognises: ({ text }) => /^\[(?:Service|Unit)\]\s*$/m.test(text) && /^(?:ExecStart|Description|Type)=/m.test(text) ? 0.97 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const limits = [...logicalLines(text)].flatMap(({ text: line, line: number }): DiagnosedLimit[] => {
      const match = /^(\w+)=(.*)$/.exec(line)
      const [name, value] = [match?.[1] ?? '', match?.[2]?.trim() ?? '']
      if (/^Exec(?:Start|StartPre|Reload)$/.test(name)) return commandLimits(value.replace(/^[-@+!:]+/, ''), { file, line: number })
      const kind = unitKinds[name]
      if (!kind) return []
      const ms = kind.counts === 'size' ? null : systemdMs(value)
      if (ms === null && kind.counts !== 'size' && value !== 'infinity') notes.push(noteOf(file, number, `${name}=${value}: not a duration systemd takes`))
      return [limitOf({ layer: kind.layer, product: 'systemd', directive: name, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: value, file, line: number, enforced: value !== 'infinity', meaning: kind.meaning, cause: kind.cause, counts: kind.counts })]
    })
    return { limits, notes }
  },
}

const gunicornKinds: Record<string, { directive: string; cause: Cause | null; counts: Counts; meaning: string; defaultMs: number | null }> = {
  timeout: { directive: '--timeout', cause: 'gateway.worker', counts: 'wait', meaning: 'A worker that is silent this long is killed.', defaultMs: 30_000 },
  graceful_timeout: { directive: '--graceful-timeout', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop or reload, what still runs is killed when it passes.', defaultMs: 30_000 },
  keepalive: { directive: '--keep-alive', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request.', defaultMs: 2000 },
}

/** gunicorn.conf.py: assignments at the top level. */
export const gunicornConfig: ConfigReader = {
  id: 'gunicorn-config', kind: 'gunicorn configuration',
  recognises: ({ file, text }) => {
    const found = new Set([...text.matchAll(/^(bind|workers|worker_class|threads|timeout|keepalive|graceful_timeout|max_requests|preload_app|accesslog|errorlog|loglevel|wsgi_app)\s*=/gm)].slice(0, 40).map((match) => match[1] ?? '')).size
    return /gunicorn/i.test(baseName(file)) && /\.py$/.test(file) ? 0.95 : found >= 3 ? 0.9 : found === 2 ? 0.65 : 0
  },
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const workerClass = /^worker_class\s*=\s*["']([^"']+)/m.exec(text)?.[1] ?? (/^threads\s*=\s*(?:[2-9]|\d\d)/m.test(text) ? 'gthread' : 'sync')
    const limits: DiagnosedLimit[] = []
    for (const [index, raw] of text.split('\n').slice(0, 50_000).entries()) {
      const match = /^(\w+)\s*=\s*([^#]+?)\s*(?:#.*)?$/.exec(raw.slice(0, 4096))
      const kind = gunicornKinds[match?.[1] ?? '']
      if (!match || !kind) continue
      const written = match[2] ?? ''
      const ms = msOf(parseSeconds(written)) ?? msOf(parseSeconds(/(?:getenv|environ\.get)\([^,]+,\s*["']?(\d+)/.exec(written)?.[1] ?? ''))
      if (ms === null) notes.push(noteOf(file, index + 1, `${match[1]} = ${written}: computed at run time, its value is not known here`))
      const limit = limitOf({ layer: 'gateway', product: 'gunicorn', directive: kind.directive, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: written, file, line: index + 1, enforced: ms === null || ms > 0, meaning: kind.meaning, cause: kind.cause, counts: kind.counts })
      limits.push(kind.directive === '--timeout' ? gunicornTimeout(limit, workerClass) : limit)
    }
    for (const kind of Object.values(gunicornKinds)) {
      if (kind.defaultMs === null || limits.some((limit) => limit.directive === kind.directive)) continue
      const limit = limitOf({ layer: 'gateway', product: 'gunicorn', directive: kind.directive, valueMs: kind.defaultMs, asWritten: String(kind.defaultMs / 1000), file, line: null, meaning: kind.meaning, cause: kind.cause, counts: kind.counts, isDefault: true })
      limits.push(kind.directive === '--timeout' ? gunicornTimeout(limit, workerClass) : limit)
    }
    return { limits, notes }
  },
}

/** uwsgi.ini (and its XML-less siblings): `harakiri = 30`. */
export const uwsgiConfig: ConfigReader = {
  id: 'uwsgi-config', kind: 'uWSGI configuration',
  recognises: ({ text }) => /^[ \t]*\[uwsgi\]\s*$/m.test(text) ? 0.98 : /^[ \t]*uwsgi:\s*$/m.test(text) ? 0.9 : 0,
  read: ({ file, text }) => ({ notes: [], limits: uwsgiLimits(file, text) }),
}

const uwsgiDefaults: [string, number][] = [['socket-timeout', 4000], ['http-timeout', 60_000]]

function uwsgiLimits(file: string, text: string): DiagnosedLimit[] {
  const limits: DiagnosedLimit[] = []
  for (const [index, raw] of text.split('\n').slice(0, 50_000).entries()) {
    const match = /^\s*([\w-]+)\s*[=:]\s*([^;#]+?)\s*$/.exec(raw.slice(0, 4096))
    if (match) limits.push(...commandLimits(`uwsgi --${(match[1] ?? '').replaceAll('_', '-')} ${match[2]}`, { file, line: index + 1 }))
  }
  const uses = (name: string) => name !== 'http-timeout' || /^[ \t]*http\s*[=:]/m.test(text)
  for (const [name, ms] of uwsgiDefaults) if (uses(name) && !limits.some((limit) => limit.directive === name)) limits.push(...commandLimits(`uwsgi --${name} ${ms / 1000}`, { file, line: null }).map((limit) => ({ ...limit, isDefault: true })))
  return limits
}
