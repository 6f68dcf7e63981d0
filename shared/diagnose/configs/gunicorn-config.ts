import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { gunicornTimeout } from './command-line.ts'
import { baseName, limitOf, noteOf, type ConfigReader } from './reader.ts'
import { blankComments } from './source-text.ts'
import { valueOf, type SourceValue } from './source-values.ts'

const kinds: Record<string, { directive: string; cause: Cause | null; counts: Counts; meaning: string; defaultMs: number }> = {
  timeout: { directive: '--timeout', cause: 'gateway.worker', counts: 'wait', meaning: 'A worker that is silent this long is killed.', defaultMs: 30_000 },
  graceful_timeout: { directive: '--graceful-timeout', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop or reload, what still runs is killed when it passes.', defaultMs: 30_000 },
  keepalive: { directive: '--keep-alive', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request.', defaultMs: 2000 },
}

/** gunicorn.conf.py: assignments at the top level, with their arithmetic and the environment's defaults. */
export const gunicornConfig: ConfigReader = {
  id: 'gunicorn-config', kind: 'gunicorn configuration',
  recognises: ({ file, text }) => {
    const found = new Set([...text.matchAll(/^(bind|workers|worker_class|threads|timeout|keepalive|graceful_timeout|max_requests|preload_app|accesslog|errorlog|loglevel|wsgi_app)[ \t]*(?::[ \t]*\w+[ \t]*)?=/gm)].slice(0, 40).map((match) => match[1] ?? '')).size
    return /gunicorn/i.test(baseName(file)) && /\.py$/.test(file) ? 0.95 : found >= 3 ? 0.9 : found === 2 ? 0.65 : 0
  },
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const source = blankComments(text, 'python')
    const constants = new Map<string, SourceValue>()
    const limits: DiagnosedLimit[] = []
    for (const [index, raw] of source.split('\n').slice(0, 50_000).entries()) {
      const match = /^(\w{1,80})[ \t]*(?::[ \t]*[\w[\], ]{1,40})?=[ \t]*([^=].*?)[ \t]*\r?$/.exec(raw.slice(0, 4096))
      if (!match) continue
      const written = match[2] ?? ''
      const value = valueOf(written, (name) => constants.get(name) ?? null)
      if (value && constants.size < 5000) constants.set(match[1] ?? '', value)
      const kind = kinds[match[1] ?? '']
      if (!kind) continue
      if (value === null) notes.push(noteOf(file, index + 1, `${match[1]} = ${written.slice(0, 200)}: computed at run time, its value is not known here`))
      if (value?.assumed) notes.push(noteOf(file, index + 1, `${match[1]} = ${written.slice(0, 200)}: ${value.value} s unless the environment says otherwise`))
      const ms = value === null ? null : value.value * 1000
      limits.push(limitOf({ layer: 'gateway', product: 'gunicorn', directive: kind.directive, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: written, file, line: index + 1, enforced: ms === null || ms > 0, meaning: ms === 0 && kind.counts === 'wait' ? `${kind.meaning} 0 switches it off.` : kind.meaning, cause: kind.cause, counts: kind.counts }))
    }
    for (const kind of Object.values(kinds)) if (!limits.some((limit) => limit.directive === kind.directive)) limits.push(limitOf({ layer: 'gateway', product: 'gunicorn', directive: kind.directive, valueMs: kind.defaultMs, asWritten: String(kind.defaultMs / 1000), file, line: null, meaning: kind.meaning, cause: kind.cause, counts: kind.counts, isDefault: true }))
    const workers = workerClassOf(source, constants)
    return { limits: lastHolds(limits).map((limit) => (limit.directive === '--timeout' ? gunicornTimeout(limit, workers) : limit)), notes }
  },
}

/** `sync` with more than one thread is `gthread`. */
function workerClassOf(source: string, constants: ReadonlyMap<string, SourceValue>): string {
  const written = /^worker_class[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*(.*)$/m.exec(source)?.[1] ?? ''
  const named = [...written.matchAll(/["']([\w.]{1,80})["']/g)].at(-1)?.[1] ?? 'sync'
  return named === 'sync' && (constants.get('threads')?.value ?? 1) > 1 ? 'gthread' : named
}

/** Of two assignments the later one holds. */
function lastHolds(limits: readonly DiagnosedLimit[]): DiagnosedLimit[] {
  const last = new Map(limits.map((limit) => [limit.directive, limit]))
  return limits.map((limit) => {
    const later = last.get(limit.directive)
    return later === limit || !later ? limit : { ...limit, enforced: false, meaning: `${limit.meaning} Set again in line ${later.line}.` }
  })
}
