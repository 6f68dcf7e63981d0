import type { Cause } from '../../verdict/causes.ts'
import type { Counts, DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits, systemdMs } from './command-line.ts'
import { environmentOf, logicalLines } from './commands-files.ts'
import { includedFiles } from './includes.ts'
import { baseName, limitOf, noteOf, type ConfigFile, type ConfigReader } from './reader.ts'
import { variableLimits, variablesIn, withVariables, type Variable } from './variables.ts'

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

/** systemd units: their own limits, and the command they start; drop-ins (`api.service.d/*.conf`) are read behind the unit, as systemd does. */
export const systemdConfig: ConfigReader = {
  id: 'systemd', kind: 'systemd unit',
  recognises: ({ file, text }) => /^\[(?:Service|Unit)\]\s*$/m.test(text) && (/^(?:ExecStart|Description|Type)=/m.test(text) || /\.service\.d\//.test(file)) ? 0.97 : 0,
  includes: ({ file, text }, others) => [...environmentFiles(file, text, others), ...dropIns(file, others)].map((other) => other.file),
  read: (unit, others) => {
    const notes: DiagnosisNote[] = []
    const parts = [unit, ...dropIns(unit.file, others)]
    const lines = parts.flatMap(({ file, text }) => unitLines(file, text))
    const variables = unitVariables(lines, others, notes)
    const limits = lines.flatMap((entry): DiagnosedLimit[] => {
      const place = parts.length > 1 ? replacedBy(entry, lines) : null
      return unitLimits(entry, variables, notes).map((limit) => (place === null ? limit : { ...limit, enforced: false, meaning: `${limit.meaning} Set again in ${place}.` }))
    })
    return { limits: [...limits, ...variableLimits(variables, null, notes)], notes }
  },
}

interface UnitLine { name: string; value: string; file: string; line: number }

/** A setting holds until it is set again; a list of commands until it is emptied. */
function replacedBy(entry: UnitLine, lines: readonly UnitLine[]): string | null {
  const later = lines.slice(lines.indexOf(entry) + 1).find((other) => other.name === entry.name && (unitKinds[entry.name] !== undefined || other.value === ''))
  return later && later.file !== entry.file ? `${later.file}:${later.line}` : null
}

function unitLimits({ name, value, file, line }: UnitLine, variables: readonly Variable[], notes: DiagnosisNote[]): DiagnosedLimit[] {
  if (/^Exec(?:Start|StartPre|Reload)$/.test(name)) return commandLimits(withVariables(value.replace(/^[-@+!:]+/, ''), variables, { file, line }, notes), { file, line, notes })
  const kind = unitKinds[name]
  if (!kind) return []
  const ms = kind.counts === 'size' ? null : systemdMs(value)
  if (ms === null && kind.counts !== 'size' && value !== 'infinity') notes.push(noteOf(file, line, `${name}=${value}: not a duration systemd takes`))
  return [limitOf({ layer: kind.layer, product: 'systemd', directive: name, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: value, file, line, enforced: kind.counts === 'size' ? value !== 'infinity' : ms === null ? false : ms > 0, meaning: kind.meaning, cause: kind.cause, counts: kind.counts })]
}

/** `api.service.d/10-limits.conf` beside `api.service`, or of the same name below another root, in the order of their names. */
function dropIns(file: string, others: readonly ConfigFile[]): ConfigFile[] {
  const folder = `${baseName(file)}.d`
  return /\.service$/.test(file) ? others.filter((other) => /\.conf$/.test(other.file) && other.file.split(/[/\\]/).at(-2) === folder).toSorted((a, b) => (baseName(a.file) < baseName(b.file) ? -1 : 1)) : []
}

function environmentFiles(file: string, text: string, others: readonly ConfigFile[]): ConfigFile[] {
  return unitLines(file, text).flatMap(({ name, value }) => (name === 'EnvironmentFile' ? includedFiles(value.replace(/^-/, ''), others.filter((other) => other.file !== file)) : []))
}

function unitLines(file: string, text: string): UnitLine[] {
  return [...logicalLines(text)].flatMap(({ text: line, line: number }) => {
    const match = /^(\w+)=(.*)$/.exec(line)
    return match ? [{ name: match[1] ?? '', value: match[2]?.trim() ?? '', file, line: number }] : []
  })
}

/** What a unit's processes find in their environment; what files set holds against `Environment=` (systemd.exec). */
function unitVariables(lines: readonly UnitLine[], others: readonly ConfigFile[], notes: DiagnosisNote[]): Variable[] {
  const own: Variable[] = []
  const fromFiles: Variable[] = []
  for (const { name, value, file, line } of lines) {
    if (name === 'Environment') own.push(...environmentOf(value.replaceAll(/"([A-Za-z_]\w*)=([^"]*)"/g, '$1="$2"')).map(([key, given]) => ({ name: key, value: given, file, line })))
    if (name !== 'EnvironmentFile') continue
    const found = includedFiles(value.replace(/^-/, ''), others.filter((other) => other.file !== file))
    if (found.length === 0) notes.push(noteOf(file, line, `EnvironmentFile=${value}: not among the given files; what it sets is missing`))
    fromFiles.push(...found.flatMap(variablesIn))
  }
  return [...own, ...fromFiles]
}
