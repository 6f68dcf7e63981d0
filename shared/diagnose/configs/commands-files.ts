import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits, jsonOrWords, systemdMs } from './command-line.ts'
import { msOf, parseGoDuration } from './durations.ts'
import { envLimits } from './env-values.ts'
import { includedFiles } from './includes.ts'
import { baseName, limitOf, noteOf, type ConfigFile, type ConfigReader } from './reader.ts'
import { dotEnvBeside, variableLimits, variablesIn, withVariables, type Variable } from './variables.ts'

/** Lines of a text with backslash continuations joined; each with the number of its first line. */
export function* logicalLines(text: string): Generator<{ text: string; line: number }> {
  let pending = ''
  let first = 1
  for (const [index, raw] of text.split('\n').entries()) {
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
  read: ({ file, text }, others) => {
    const notes: DiagnosisNote[] = []
    // `heroku local` and foreman start with the `.env` beside it.
    const variables = dotEnvBeside(file, others).flatMap(variablesIn)
    return { notes, limits: [...logicalLines(text)].flatMap(({ text: line, line: number }) => {
      const match = /^([\w-]+):\s*(.*)$/.exec(line)
      return match ? commandLimits(withVariables(match[2] ?? '', variables, { file, line: number }, notes), { file, line: number, scope: match[1] ?? null, notes }) : []
    }) }
  },
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
  read: ({ file, text }, others) => {
    const notes: DiagnosisNote[] = []
    const variables = new Map<string, string>()
    const limits = [...logicalLines(text)].flatMap(({ text: raw, line: number }): DiagnosedLimit[] => {
      if (/^\s*#(?!!)/.test(raw)) return []
      const assigned = /^\s*(?:export\s+|readonly\s+|local\s+)?([A-Za-z_]\w{0,80})=(["']?)([^"'$`\s]{0,200})\2\s*(?:#.*)?$/.exec(raw)
      if (assigned && variables.size < 2000) variables.set(assigned[1] ?? '', assigned[3] ?? '')
      const sourced = /^\s*(?:\[.{1,200}\]\s*&&\s*)?(?:\.|source)\s+(["']?)([\w./~-]{1,300})\1\s*(?:;.*)?$/.exec(raw)?.[2]
      if (sourced) for (const found of includedFiles(sourced, others.filter((other) => other.file !== file)).flatMap(variablesIn).slice(0, 2000)) variables.set(found.name, found.value)
      const line = filledIn(raw, variables)
      if (assigned) return /^\s*export\s/.test(raw) ? envLimits(assigned[1] ?? '', assigned[3] ?? '', { file, line: number, notes }) : []
      const env = /^\s*ENV\s+(.*)$/.exec(line)
      if (env) return environmentOf(env[1] ?? '').flatMap(([name, value]) => envLimits(name, value, { file, line: number, notes }))
      const check = /^\s*HEALTHCHECK\s+(.*)$/.exec(line)?.[1]
      const docker = /^\s*(?:CMD|ENTRYPOINT|RUN|HEALTHCHECK.*?CMD)\s+(.*)$/.exec(line)
      const words = docker?.[1]?.trim() ?? line.replace(/^\s*[$#] /, '')
      return [...(check === undefined ? [] : healthCheck(check, file, number)), ...commandLimits(words.startsWith('[') ? jsonWords(words) : words, { file, line: number, notes })]
    })
    return { limits, notes }
  },
}

/** Variables that the script itself sets are filled in; others stay as they are. */
function filledIn(line: string, variables: ReadonlyMap<string, string>): string {
  return variables.size === 0 || !line.includes('$') ? line : line.replaceAll(/\$(?:\{(\w{1,80})\}|(\w{1,80}))/g, (whole, braced: string | undefined, bare: string | undefined) => variables.get(braced ?? bare ?? '') ?? whole)
}

/** `A=1 B="2 3"`, or Docker's old `A 1`. */
function environmentOf(text: string): [string, string][] {
  const pairs = [...text.slice(0, 8192).matchAll(/([A-Za-z_]\w{0,100})=(?:"([^"]*)"|'([^']*)'|(\S*))/g)].map((match): [string, string] => [match[1] ?? '', match[2] ?? match[3] ?? match[4] ?? ''])
  const old = /^([A-Za-z_]\w{0,100})\s+(.+)$/.exec(text.trim())
  return pairs.length > 0 ? pairs : old ? [[old[1] ?? '', old[2] ?? '']] : []
}

/** Docker's `HEALTHCHECK --timeout=3s`; 30 s unless it says otherwise. */
function healthCheck(text: string, file: string, line: number): DiagnosedLimit[] {
  if (/^NONE\b/.test(text)) return []
  const written = /--timeout=(\S+)/.exec(text)?.[1]
  return [limitOf({ layer: 'platform', product: 'Docker', directive: 'HEALTHCHECK --timeout', valueMs: msOf(parseGoDuration(written ?? '30s')), asWritten: written ?? '30s', file, line, meaning: 'For a health check to be answered.', cause: null, alsoCauses: ['gateway.stopped'], counts: 'check', isDefault: written === undefined })]
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
  TimeoutAbortSec: { layer: 'platform', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a watchdog’s SIGABRT, SIGKILL when it passes.' },
  TimeoutStartSec: { layer: 'platform', cause: 'proxy.refused', counts: 'stop', meaning: 'The service must have started.' },
  TimeoutSec: { layer: 'platform', cause: 'gateway.stopped', counts: 'stop', meaning: 'For starting and for stopping.' },
  RuntimeMaxSec: { layer: 'platform', cause: 'gateway.stopped', counts: 'stop', meaning: 'The service is ended when it has run this long.' },
  WatchdogSec: { layer: 'gateway', cause: 'gateway.worker', counts: 'wait', meaning: 'The service must report this often, or it is killed.' },
  MemoryMax: { layer: 'os', cause: 'os.oom_kill', counts: 'size', meaning: 'The unit’s memory limit.' },
  MemoryHigh: { layer: 'os', cause: null, counts: 'size', meaning: 'Above it the unit is throttled, not killed.' },
  MemoryLimit: { layer: 'os', cause: 'os.oom_kill', counts: 'size', meaning: 'The unit’s memory limit (cgroup version 1).' },
  LimitNPROC: { layer: 'os', cause: 'os.processes', counts: 'size', meaning: 'Processes of this user.' },
  LimitFSIZE: { layer: 'os', cause: 'os.file_size', counts: 'size', meaning: 'Size of one file.' },
  LimitNOFILE: { layer: 'os', cause: 'os.open_files', counts: 'size', meaning: 'Open descriptors of one process.' },
  LimitAS: { layer: 'os', cause: 'os.address_space', counts: 'size', meaning: 'Address space of one process.' },
  LimitCPU: { layer: 'os', cause: 'os.cpu_time', counts: 'size', meaning: 'CPU time of one process.' },
  TasksMax: { layer: 'os', cause: 'os.processes', counts: 'size', meaning: 'Processes and threads of the unit.' },
}

/** systemd units: their own limits, and the command they start. */
export const systemdConfig: ConfigReader = {
  id: 'systemd', kind: 'systemd unit',
  recognises: ({ text }) => /^\[(?:Service|Unit)\]\s*$/m.test(text) && /^(?:ExecStart|Description|Type)=/m.test(text) ? 0.97 : 0,
  includes: ({ file, text }, others) => unitLines(text).flatMap(({ name, value }) => (name === 'EnvironmentFile' ? includedFiles(value.replace(/^-/, ''), others.filter((other) => other.file !== file)) : [])).map((other) => other.file),
  read: ({ file, text }, others) => {
    const notes: DiagnosisNote[] = []
    const variables = unitVariables(file, text, others, notes)
    const limits = unitLines(text).flatMap(({ name, value, line: number }): DiagnosedLimit[] => {
      if (/^Exec(?:Start|StartPre|Reload)$/.test(name)) return commandLimits(withVariables(value.replace(/^[-@+!:]+/, ''), variables, { file, line: number }, notes), { file, line: number, notes })
      const kind = unitKinds[name]
      if (!kind) return []
      const ms = kind.counts === 'size' ? null : systemdMs(value)
      if (ms === null && kind.counts !== 'size' && value !== 'infinity') notes.push(noteOf(file, number, `${name}=${value}: not a duration systemd takes`))
      return [limitOf({ layer: kind.layer, product: 'systemd', directive: name, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: value, file, line: number, enforced: kind.counts === 'size' ? value !== 'infinity' : ms === null ? false : ms > 0, meaning: kind.meaning, cause: kind.cause, counts: kind.counts })]
    })
    return { limits: [...limits, ...variableLimits(variables, null, notes)], notes }
  },
}

function unitLines(text: string): { name: string; value: string; line: number }[] {
  return [...logicalLines(text)].flatMap(({ text: line, line: number }) => {
    const match = /^(\w+)=(.*)$/.exec(line)
    return match ? [{ name: match[1] ?? '', value: match[2]?.trim() ?? '', line: number }] : []
  })
}

/** What a unit's processes find in their environment; what files set holds against `Environment=` (systemd.exec). */
function unitVariables(file: string, text: string, others: readonly ConfigFile[], notes: DiagnosisNote[]): Variable[] {
  const own: Variable[] = []
  const fromFiles: Variable[] = []
  for (const { name, value, line } of unitLines(text)) {
    if (name === 'Environment') own.push(...environmentOf(value.replaceAll(/"([A-Za-z_]\w*)=([^"]*)"/g, '$1="$2"')).map(([key, given]) => ({ name: key, value: given, file, line })))
    if (name !== 'EnvironmentFile') continue
    const found = includedFiles(value.replace(/^-/, ''), others.filter((other) => other.file !== file))
    if (found.length === 0) notes.push(noteOf(file, line, `EnvironmentFile=${value}: not among the given files; what it sets is missing`))
    fromFiles.push(...found.flatMap(variablesIn))
  }
  return [...own, ...fromFiles]
}
