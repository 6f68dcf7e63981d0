import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits } from './command-line.ts'
import { baseName, limitOf, type ConfigReader } from './reader.ts'
import { serviceDuration } from './service-config.ts'

/** Variables that known programs read themselves. */
const known: Record<string, (value: string) => string> = {
  GUNICORN_CMD_ARGS: (value) => `gunicorn ${value}`, UVICORN_TIMEOUT_KEEP_ALIVE: (value) => `uvicorn --timeout-keep-alive ${value}`, UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN: (value) => `uvicorn --timeout-graceful-shutdown ${value}`,
  UWSGI_HARAKIRI: (value) => `uwsgi --harakiri ${value}`, UWSGI_HTTP_TIMEOUT: (value) => `uwsgi --http-timeout ${value}`, NODE_OPTIONS: (value) => `node ${value}`,
}

/** .env files: variables of known programs, and everything with TIMEOUT in its name. */
export const envConfig: ConfigReader = {
  id: 'env', kind: 'environment file',
  recognises: ({ file, text }) => {
    const lines = text.split('\n').slice(0, 200).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    const assignments = lines.filter((line) => /^(?:export\s+)?[A-Z][A-Z0-9_]*=/.test(line)).length
    if (lines.length === 0 || assignments < lines.length * 0.9) return 0
    return /^\.?env|\.env/i.test(baseName(file)) ? 0.95 : 0.8
  },
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const limits = text.split('\n').slice(0, 50_000).flatMap((raw, index): DiagnosedLimit[] => {
      const match = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=(.*)$/.exec(raw.slice(0, 8192))
      const name = match?.[1] ?? ''
      const value = (match?.[2] ?? '').replace(/\s+#.*$/, '').trim().replace(/^(["'])(.*)\1$/, '$2')
      const command = known[name]
      if (command) return commandLimits(command(value), { file, line: index + 1, scope: name })
      if (!/TIMEOUT|DEADLINE/.test(name) || value === '') return []
      const duration = serviceDuration(name, value)
      return duration === null ? [] : [limitOf({ layer: layerFor(name), product: 'service', directive: name, valueMs: duration.ms > 0 ? duration.ms : null, asWritten: value, file, line: index + 1, enforced: duration.ms > 0, meaning: `A limit by its name.${duration.doubt ? ` ${duration.doubt}` : ''}`, cause: causeFor(name), counts: 'total' })]
    })
    return { limits, notes }
  },
}

function causeFor(name: string): DiagnosedLimit['cause'] {
  if (/PYTHON|SCRIPT|TRANSFORM|EXEC/.test(name)) return 'connector.python'
  if (/CONNECT/.test(name)) return 'client.connect'
  if (/WRITE/.test(name)) return 'gateway.write'
  if (/IDLE|KEEP_?ALIVE/.test(name)) return 'gateway.idle'
  if (/CLIENT|REQUEST|HTTP|API|UPSTREAM/.test(name)) return 'client.total'
  return 'gateway.handler'
}

function layerFor(name: string): DiagnosedLimit['layer'] {
  return (causeFor(name)?.split('.')[0] ?? 'gateway') as DiagnosedLimit['layer']
}
