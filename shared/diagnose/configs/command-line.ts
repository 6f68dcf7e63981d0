import type { Cause } from '../../verdict/causes.ts'
import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { msOf, parseAtoiSeconds, parseGoDuration, parseSeconds, parseSystemdTime } from './durations.ts'
import { parseDockerRun } from './docker-run.ts'
import { programs, type OptionUnit, type Program } from './programs.ts'
import { limitOf, noteOf } from './reader.ts'
import { varnishLimit } from './varnish.ts'

/** Where a command stands; what cannot be known of it goes to `notes`. */
export interface At { file: string; line: number | null; scope?: string | null; notes?: DiagnosisNote[] }

/** Limits in a command line: options of known programs, `timeout 5 cmd`, `ulimit`, `varnishd -p`. Several commands may be chained. */
export function commandLimits(command: string, at: At): DiagnosedLimit[] {
  return splitCommands(command).flatMap((words) => limitsOf(words, at))
}

function limitsOf(words: readonly string[], at: At): DiagnosedLimit[] {
  const limits: DiagnosedLimit[] = []
  for (let index = 0; index < words.length; index++) {
    const name = (words[index] ?? '').split('/').at(-1) ?? ''
    const rest = words.slice(index + 1)
    if (name === 'timeout' && index < 4) limits.push(...coreutilsTimeout(rest, at))
    if (name === 'ulimit') limits.push(...ulimit(rest, at))
    if (name === 'varnishd') limits.push(...varnishParameters(rest, at))
    if (name === 'varnishadm' && rest.includes('param.set')) limits.push(...varnishLimit(rest[rest.indexOf('param.set') + 1] ?? '', rest[rest.indexOf('param.set') + 2] ?? '', { file: at.file, line: at.line, scope: at.scope ?? null }, at.notes ?? []))
    if (name === 'ssh' || name === 'scp') limits.push(...sshConnect(rest, at))
    const program = programs.find((candidate) => candidate.name.test(name) || (name === '-m' && candidate.name.test(words[index + 1] ?? '')))
    if (!program) continue
    const run = program.product === 'Docker' ? parseDockerRun(rest) : null
    // What stands behind the image is the container's own command; `-t` in front of it is a terminal.
    if (run) return [...limits, ...optionsOf(program, run.options, at), ...limitsOf(run.command, at)]
    const own = optionsOf(program, rest, at)
    limits.push(...(program.product === 'gunicorn' ? gunicornWorkers(rest, own, at) : triedAgain(program.product, rest, own)))
    break
  }
  return limits
}

function optionsOf(program: Program, words: readonly string[], at: At): DiagnosedLimit[] {
  return program.options.flatMap((option): DiagnosedLimit[] => {
    const written = optionValue(words, option.names)
    if (written === null) return []
    const value = shellDefault(written)
    const ms = value === null ? null : optionMs(option.unit, value)
    if (option.unit !== 'none' && (ms === null || value !== written)) at.notes?.push(noteOf(at.file, at.line, `${option.directive} ${written}: ${value === null ? 'filled in when it runs, its value is not known here' : ms === null ? `not a number of ${option.unit === 'ms' ? 'milliseconds' : 'seconds'}` : `${value} unless the environment says otherwise`}`))
    return [limitOf({ layer: option.layer, product: program.product, directive: option.directive, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: written, file: at.file, line: at.line, enforced: option.unit === 'none' || value === null || (ms !== null && ms > 0), meaning: option.meaning, cause: option.cause, alsoCauses: option.alsoCauses ?? [], counts: option.counts, scope: at.scope ?? null })]
  })
}

function optionMs(unit: OptionUnit, value: string): number | null {
  switch (unit) {
    case 's': return msOf(parseSeconds(value))
    case 'atoi': return msOf(parseAtoiSeconds(value))
    case 'ms': return /^\d+$/.test(value) ? Number(value) : null
    case 'duration': return msOf(parseSeconds(value)) ?? msOf(parseGoDuration(value))
    case 'none': return null
  }
}

/** `${TIMEOUT:-60}` is 60 where nobody sets it; null for what only the environment knows. */
export function shellDefault(text: string): string | null {
  const match = /^["']?\$\{\w{1,100}(?::?-([^}]*))?\}["']?$/.exec(text)
  if (match) return match[1] ?? null
  return /\$[\w({]|\{\{|<%/.test(text) ? null : text
}

/** `--name value`, `--name=value`, `-m 5`, `-m5`, `-sSm 5`; null where it is not given. */
export function optionValue(words: readonly string[], names: readonly string[]): string | null {
  for (const [index, word] of words.entries()) {
    for (const name of names) {
      if (word === name) return words[index + 1] ?? ''
      if (name.startsWith('--') && word.startsWith(`${name}=`)) return word.slice(name.length + 1)
      if (!name.startsWith('--') && /^-[a-zA-Z]/.test(word) && !word.startsWith('--')) {
        const letter = name.slice(1)
        const inBundle = word.indexOf(letter, 1)
        if (inBundle > 0 && /^-[a-zA-Z]+$/.test(word.slice(0, inBundle + 1)) && /^[\d.]+$/.test(word.slice(inBundle + 1))) return word.slice(inBundle + 1)
        if (inBundle === word.length - 1 && word.length > 2 && /^-[a-zA-Z]+$/.test(word)) return words[index + 1] ?? ''
      }
    }
  }
  return null
}

/** --timeout only ends what blocks a sync worker; threads and event loops stay alive and are not silent. */
function gunicornWorkers(words: readonly string[], limits: DiagnosedLimit[], at: At): DiagnosedLimit[] {
  const workerClass = optionValue(words, ['-k', '--worker-class']) ?? (optionValue(words, ['--threads']) ? 'gthread' : 'sync')
  // A configuration file, or the environment, may say what this line does not.
  const elsewhere = optionValue(words, ['-c', '--config']) !== null
  const list = elsewhere || limits.some((limit) => limit.directive === '--timeout') ? limits : [...limits, limitOf({ layer: 'gateway', product: 'gunicorn', directive: '--timeout', valueMs: 30_000, asWritten: '30', file: at.file, line: at.line, meaning: 'A worker that is silent this long is killed.', cause: 'gateway.worker', counts: 'wait', isDefault: true, scope: at.scope ?? null })]
  return list.map((limit) => (limit.directive === '--timeout' ? gunicornTimeout(limit, workerClass) : limit))
}

export function gunicornTimeout(limit: DiagnosedLimit, workerClass: string): DiagnosedLimit {
  if (/^(?:sync|)$/.test(workerClass)) return limit
  return { ...limit, enforced: false, meaning: `${limit.meaning} Worker class ${workerClass} is not silent during a slow request: it does not cut one.` }
}

/** Clients that try again: curl's `--retry 3` is four tries; wget tries twenty times unless told. */
function triedAgain(product: string, words: readonly string[], limits: DiagnosedLimit[]): DiagnosedLimit[] {
  const tries = product === 'curl' ? Number(optionValue(words, ['--retry']) ?? 0) + 1 : product === 'wget' ? Number(optionValue(words, ['-t', '--tries']) ?? 20) : 1
  return tries > 1 && tries < 1e6 ? limits.map((limit) => (/^--(?:max-time|connect-timeout|timeout|read-timeout)$/.test(limit.directive) ? { ...limit, attempts: tries } : limit)) : limits
}

/** `ssh -o ConnectTimeout=5`. */
function sshConnect(words: readonly string[], at: At): DiagnosedLimit[] {
  const value = words.map((word) => /^(?:-o)?ConnectTimeout=(\d+)$/.exec(word)?.[1]).find((found) => found !== undefined)
  return value === undefined ? [] : [limitOf({ layer: 'client', product: 'ssh', directive: 'ConnectTimeout', valueMs: Number(value) * 1000, asWritten: value, file: at.file, line: at.line, meaning: 'For connecting.', cause: 'client.connect', counts: 'connect', scope: at.scope ?? null })]
}

function coreutilsTimeout(words: readonly string[], at: At): DiagnosedLimit[] {
  let index = 0
  while (/^-/.test(words[index] ?? '')) index += /^(?:-s|--signal|-k|--kill-after)$/.test(words[index] ?? '') ? 2 : 1
  const value = words[index] ?? ''
  const known = shellDefault(value)
  if (known === null) at.notes?.push(noteOf(at.file, at.line, `timeout ${value}: filled in when it runs, its value is not known here`))
  const match = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(known ?? '')
  if (!match) return []
  const ms = Number(match[1]) * ({ s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] ?? ''] ?? 1000)
  return [limitOf({ layer: 'wrapper', product: 'timeout', directive: 'timeout', valueMs: ms > 0 ? ms : null, asWritten: value, file: at.file, line: at.line, enforced: ms > 0, meaning: 'coreutils timeout: the command gets a signal when it passes (exit code 124).', cause: 'wrapper.timeout', alsoCauses: ['connector.python'], counts: 'total', scope: at.scope ?? null })]
}

const ulimits: Record<string, { cause: Cause; meaning: string }> = { t: { cause: 'os.cpu_time', meaning: 'CPU seconds of one process.' }, v: { cause: 'os.address_space', meaning: 'Address space of one process, in KB.' }, n: { cause: 'os.open_files', meaning: 'Open descriptors of one process.' }, u: { cause: 'os.processes', meaning: 'Processes of this user.' }, f: { cause: 'os.file_size', meaning: 'Size of one file.' } }

function ulimit(words: readonly string[], at: At): DiagnosedLimit[] {
  const flag = /^-[SH]*([tvnuf])$/.exec(words[0] ?? '')?.[1]
  const kind = flag ? ulimits[flag] : undefined
  const value = words[1] ?? ''
  if (!kind || !/^\d+$/.test(value)) return []
  return [limitOf({ layer: 'os', product: 'Linux', directive: `ulimit -${flag}`, valueMs: flag === 't' ? Number(value) * 1000 : null, asWritten: value, file: at.file, line: at.line, meaning: kind.meaning, cause: kind.cause, counts: 'size', scope: at.scope ?? null })]
}

function varnishParameters(words: readonly string[], at: At): DiagnosedLimit[] {
  return words.flatMap((word, index) => {
    const setting = word === '-p' ? words[index + 1] ?? '' : word.startsWith('-p') && word.includes('=') ? word.slice(2) : ''
    const [name, value] = setting.split('=')
    return name && value ? varnishLimit(name, value, { file: at.file, line: at.line, scope: at.scope ?? null }, at.notes ?? []) : []
  })
}

/** Words of each command of a shell line; quotes are taken off, `&&`, `;`, `|` separate. */
export function splitCommands(text: string): string[][] {
  const commands: string[][] = [[]]
  let end = -1
  for (const match of text.slice(0, 16_384).matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(&&|\|\||[;|&])|((?:[^\s"';|&\\]|\\.)+)/g)) {
    const piece = match[1] ?? match[2] ?? match[4] ?? ''
    const words = commands.at(-1)
    if (match[3]) commands.push([])
    // `NAME="a b"` is one word.
    else if (match.index === end && words && words.length > 0) words.push(`${words.pop()}${piece}`)
    else words?.push(piece)
    end = match.index + match[0].length
  }
  // `sh -c "gunicorn app"` hides a whole command in one word.
  return commands.flatMap((words) => {
    const at = words.indexOf('-c')
    const inner = at > 0 && /(?:^|\/)(?:ba|da|a|z)?sh$/.test(words[at - 1] ?? '') ? words[at + 1] : undefined
    return inner !== undefined && inner !== text ? [words.slice(0, at), ...splitCommands(inner)] : [words]
  }).filter((words) => words.length > 0)
}

/** A systemd duration of a unit file's setting. */
export function systemdMs(text: string): number | null {
  return text.trim() === 'infinity' ? null : msOf(parseSystemdTime(text))
}

/** Words of an exec form as one command line. */
export function jsonOrWords(words: readonly string[]): string {
  return words.map((word) => (/[\s"';|&]/.test(word) ? `"${word.replaceAll('"', String.raw`\"`)}"` : word)).join(' ')
}
