import type { DiagnosedLimit } from '../diagnosis.ts'
import { commandLimits, shellDefault, type At } from './command-line.ts'
import { limitOf, noteOf } from './reader.ts'
import { kindOfName, serviceDuration } from './service-names.ts'

/** Variables that known programs read themselves. */
const known: Record<string, (value: string) => string> = {
  GUNICORN_CMD_ARGS: (value) => `gunicorn -c env ${value}`, UVICORN_TIMEOUT_KEEP_ALIVE: (value) => `uvicorn --timeout-keep-alive ${value}`, UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: (value) => `uvicorn --timeout-graceful-shutdown ${value}`,
  UWSGI_HARAKIRI: (value) => `uwsgi --harakiri ${value}`, UWSGI_HTTP_TIMEOUT: (value) => `uwsgi --http-timeout ${value}`, UWSGI_SOCKET_TIMEOUT: (value) => `uwsgi --socket-timeout ${value}`, NODE_OPTIONS: (value) => `node ${value}`,
}

/** Limits that an environment variable sets: those of known programs, and everything whose name says that it is a time to wait. */
export function envLimits(name: string, given: string, at: At): DiagnosedLimit[] {
  const command = known[name]
  const scope = at.scope === undefined || at.scope === null ? name : `${at.scope}, ${name}`
  if (command) return commandLimits(command(given), { ...at, scope })
  // Debian and others keep a program's options in a variable.
  if (/(?:OPTS|OPTIONS|ARGS|FLAGS)$/.test(name) && /(?:^|\s)-p\s?\w+=/.test(given)) return commandLimits(`varnishd ${given}`, { ...at, scope })
  if (!/TIMEOUT|DEADLINE|KEEP_?ALIVE|MAX_DURATION|TIME_LIMIT/i.test(name) || /ENABLED?$|DISABLED?$/i.test(name) || given === '') return []
  const value = shellDefault(given)
  if (value === null) {
    at.notes?.push(noteOf(at.file, at.line, `${name}=${given.slice(0, 200)}: filled in from outside, its value is not known here`))
    return []
  }
  const duration = serviceDuration(name, value)
  if (duration === null) {
    if (!/^(?:true|false|on|off|yes|no|none|null)$/i.test(value)) at.notes?.push(noteOf(at.file, at.line, `${name}=${given.slice(0, 200)}: not a duration`))
    return []
  }
  const kind = kindOfName(name)
  return [limitOf({ layer: kind.layer, product: 'service', directive: name, valueMs: duration.ms > 0 ? duration.ms : null, asWritten: given, file: at.file, line: at.line, enforced: duration.ms > 0, meaning: `${kind.meaning}${duration.doubt ? ` ${duration.doubt}` : ''}`, cause: kind.cause, alsoCauses: kind.alsoCauses ?? [], counts: kind.counts, scope: at.scope ?? null })]
}
