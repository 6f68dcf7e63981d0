import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits } from './command-line.ts'
import { limitOf, type ConfigReader } from './reader.ts'

/** uWSGI's options in ini, YAML, XML and JSON: `harakiri = 30`. The section `[uwsgi]` is read, others are not in force. */
export const uwsgiConfig: ConfigReader = {
  id: 'uwsgi-config', kind: 'uWSGI configuration',
  recognises: ({ text }) => /^[ \t]*\[uwsgi\]\s*$/m.test(text) ? 0.98 : /^[ \t]*uwsgi:\s*$/m.test(text) || /^\s*<uwsgi(?:\s[^>]{0,200})?>/m.test(text) || /^\s*\{\s*"uwsgi"\s*:/.test(text) ? 0.92 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    return { limits: [...written(file, text, notes), ...defaults(file, text)], notes }
  },
}

const defaultValues: [string, number][] = [['socket-timeout', 4], ['http-timeout', 60]]

function written(file: string, text: string, notes: DiagnosisNote[]): DiagnosedLimit[] {
  const limits: DiagnosedLimit[] = []
  let section = 'uwsgi'
  for (const [index, raw] of text.split('\n').slice(0, 50_000).entries()) {
    const line = raw.slice(0, 4096)
    if (/^\s*[;#]/.test(line)) continue
    section = /^\s*\[([^\]]{1,100})\]/.exec(line)?.[1] ?? section
    const match = /^\s*["']?([a-zA-Z][\w-]{0,60})["']?\s*[=:]\s*["']?([^"'\r\n]{1,200})/.exec(line) ?? /<([a-zA-Z][\w-]{0,60})>\s*([^<\r\n]{1,200})<\//.exec(line)
    if (!match) continue
    const name = (match[1] ?? '').replaceAll('_', '-')
    const value = (match[2] ?? '').trim().replace(/,$/, '')
    const at = { file, line: index + 1, scope: section === 'uwsgi' ? null : `[${section}]`, notes }
    const routed = /^route/.test(name) ? /\bharakiri:(\d+)/.exec(value)?.[1] : undefined
    if (routed) limits.push(limitOf({ layer: 'gateway', product: 'uWSGI', directive: 'harakiri', valueMs: Number(routed) * 1000, asWritten: routed, file, line: index + 1, meaning: 'For the requests that this route fits: a worker that takes longer is killed.', cause: 'gateway.worker', counts: 'total', scope: `${name} ${value.split(/\s/)[0]}` }))
    else limits.push(...commandLimits(`uwsgi --${name} "${value.replaceAll(/["\\]/g, '')}"`, at).map((limit) => (section === 'uwsgi' ? limit : { ...limit, enforced: false, meaning: `${limit.meaning} Section [${section}] is read only where it is asked for.` })))
  }
  const last = new Map(limits.flatMap((limit) => (limit.scope === null ? [[limit.directive, limit] as const] : [])))
  return limits.map((limit) => {
    const later = limit.scope === null ? last.get(limit.directive) : undefined
    return later && later !== limit ? { ...limit, enforced: false, meaning: `${limit.meaning} Set again in line ${later.line}.` } : limit
  })
}

function defaults(file: string, text: string): DiagnosedLimit[] {
  return defaultValues.filter(([name]) => !new RegExp(String.raw`["'<\s]${name}["']?\s*[=:>]`).test(text) && (name !== 'http-timeout' || /^[ \t]*["']?http["']?\s*[=:]/m.test(text))).flatMap(([name, seconds]) => commandLimits(`uwsgi --${name} ${seconds}`, { file, line: null }).map((limit) => ({ ...limit, isDefault: true })))
}
