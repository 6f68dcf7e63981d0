import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { limitOf, noteOf, type ConfigReader } from './reader.ts'

interface Kind { product: string; cause: Cause | null; counts: Counts; meaning: string }

/** php.net: "List of global php-fpm.conf directives", "List of pool directives", "Runtime configuration". */
const kinds: Record<string, Kind> = {
  request_terminate_timeout: { product: 'PHP-FPM', cause: 'gateway.worker', counts: 'total', meaning: 'A worker whose request takes longer is killed.' },
  request_slowlog_timeout: { product: 'PHP-FPM', cause: null, counts: 'other', meaning: 'A request that takes longer is logged, not ended.' },
  process_control_timeout: { product: 'PHP-FPM', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop or reload, workers that still run are killed when it passes.' },
  max_execution_time: { product: 'PHP', cause: 'gateway.worker', counts: 'other', meaning: 'The script is ended; on Linux only its own computing counts, not what it waits for.' },
  max_input_time: { product: 'PHP', cause: 'gateway.read', counts: 'request', meaning: 'For reading and parsing the request’s data.' },
  default_socket_timeout: { product: 'PHP', cause: 'client.first_byte', counts: 'wait', meaning: 'Longest silence of a stream that the script opened.' },
  memory_limit: { product: 'PHP', cause: 'script.exception', counts: 'size', meaning: 'Memory of one script; a fatal error above.' },
}

const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** PHP-FPM's pools and php.ini: `request_terminate_timeout = 30s`, `php_admin_value[max_execution_time] = 60`. */
export const phpConfig: ConfigReader = {
  id: 'php', kind: 'PHP configuration',
  recognises: ({ text }) => /^[ \t]*(?:pm|pm\.max_children|request_terminate_timeout|process_control_timeout|php_admin_value\[\w+\])\s*=/m.test(text) ? 0.95 : /^[ \t]*(?:max_execution_time|default_socket_timeout|upload_max_filesize|memory_limit)\s*=/m.test(text) && !/^[ \t]*\[uwsgi\]/m.test(text) ? 0.8 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    let scope: string | null = null
    const limits = text.split('\n').flatMap((raw, index): DiagnosedLimit[] => {
      const line = raw.slice(0, 4096)
      const section = /^\s*\[([^\]]{1,100})\]\s*$/.exec(line.trimEnd())
      if (section) scope = section[1] === 'PHP' ? null : section[1] ?? null
      const match = /^\s*(?:php_(?:admin_)?value\[(\w+)\]|(\w+))\s*=\s*"?([^";\r]*?)"?\s*(?:;.*)?$/.exec(line)
      const name = match?.[1] ?? match?.[2] ?? ''
      const kind = kinds[name]
      const value = match?.[3] ?? ''
      if (!kind) return []
      const number = /^(-?\d+)([smhd])?$/.exec(value)
      const isTime = kind.counts !== 'size'
      const ms = number && isTime ? Number(number[1]) * (units[number[2] ?? 's'] ?? 1000) : null
      if (isTime && ms === null) notes.push(noteOf(file, index + 1, `${name} = ${value}: not a time PHP takes`))
      return [limitOf({ layer: kind.cause?.startsWith('client') ? 'client' : 'gateway', product: kind.product, directive: name, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: value, file, line: index + 1, enforced: !isTime || (ms !== null && ms > 0), meaning: kind.meaning, cause: kind.cause, counts: kind.counts, scope })]
    })
    return { limits, notes }
  },
}
