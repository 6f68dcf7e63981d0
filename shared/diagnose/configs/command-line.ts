import type { Cause } from '../../verdict/causes.ts'
import type { LayerId } from '../../flow/layers.ts'
import type { Counts, DiagnosedLimit } from '../diagnosis.ts'
import { msOf, parseHaproxyTime, parseSeconds, parseSystemdTime } from './durations.ts'
import { limitOf } from './reader.ts'
import { varnishLimit } from './varnish.ts'

export interface At { file: string; line: number | null; scope?: string | null }

interface Option { names: readonly string[]; directive: string; layer: LayerId; cause: Cause | null; counts: Counts; meaning: string; unit: 's' | 'ms' | 'systemd' | 'none'; alsoCauses?: Cause[] }
interface Program { name: RegExp; product: string; options: readonly Option[]; after?(words: readonly string[], limits: DiagnosedLimit[], at: At): DiagnosedLimit[] }

const s = 's' as const
const programs: readonly Program[] = [
  {
    name: /^gunicorn(?:3|\.exe)?$/, product: 'gunicorn', after: gunicornWorkers, options: [
      { names: ['-t', '--timeout'], directive: '--timeout', layer: 'gateway', cause: 'gateway.worker', counts: 'wait', unit: s, meaning: 'A worker that is silent this long is killed (30 s by default).' },
      { names: ['--graceful-timeout'], directive: '--graceful-timeout', layer: 'gateway', cause: 'gateway.stopped', counts: 'stop', unit: s, meaning: 'After a stop or reload, what still runs is killed when it passes.' },
      { names: ['--keep-alive'], directive: '--keep-alive', layer: 'gateway', cause: 'gateway.idle', counts: 'idle', unit: s, meaning: 'How long an idle kept-alive connection waits for its next request.' },
    ],
  },
  {
    name: /^uvicorn$/, product: 'uvicorn', options: [
      { names: ['--timeout-keep-alive'], directive: '--timeout-keep-alive', layer: 'gateway', cause: 'gateway.idle', counts: 'idle', unit: s, meaning: 'How long an idle kept-alive connection waits for its next request (5 s by default).' },
      { names: ['--timeout-graceful-shutdown'], directive: '--timeout-graceful-shutdown', layer: 'gateway', cause: 'gateway.stopped', counts: 'stop', unit: s, meaning: 'After a stop, running requests are cancelled when it passes.' },
      { names: ['--limit-concurrency'], directive: '--limit-concurrency', layer: 'gateway', cause: 'gateway.rejected', counts: 'size', unit: 'none', meaning: 'More requests at once are answered 503.' },
    ],
  },
  {
    name: /^hypercorn$/, product: 'hypercorn', options: [
      { names: ['--keep-alive'], directive: '--keep-alive', layer: 'gateway', cause: 'gateway.idle', counts: 'idle', unit: s, meaning: 'How long an idle connection stays open.' },
      { names: ['--graceful-timeout'], directive: '--graceful-timeout', layer: 'gateway', cause: 'gateway.stopped', counts: 'stop', unit: s, meaning: 'After a stop, what still runs is ended when it passes.' },
    ],
  },
  {
    name: /^uwsgi(?:-core)?$/, product: 'uWSGI', options: [
      { names: ['--harakiri', '-t'], directive: 'harakiri', layer: 'gateway', cause: 'gateway.worker', counts: 'total', unit: s, meaning: 'A worker whose request takes longer is killed.' },
      { names: ['--http-timeout'], directive: 'http-timeout', layer: 'proxy', cause: 'proxy.read', alsoCauses: ['proxy.idle'], counts: 'wait', unit: s, meaning: 'The router’s longest wait for its worker (60 s by default).' },
      { names: ['--socket-timeout', '-z'], directive: 'socket-timeout', layer: 'gateway', cause: 'gateway.read', alsoCauses: ['gateway.write'], counts: 'request', unit: s, meaning: 'Longest silence of the client’s socket (4 s by default).' },
      { names: ['--worker-reload-mercy'], directive: 'worker-reload-mercy', layer: 'gateway', cause: 'gateway.stopped', counts: 'stop', unit: s, meaning: 'After a reload, what still runs is killed when it passes.' },
    ],
  },
  {
    name: /^curl$/, product: 'curl', options: [
      { names: ['-m', '--max-time'], directive: '--max-time', layer: 'client', cause: 'client.total', counts: 'total', unit: s, meaning: 'For the whole call.' },
      { names: ['--connect-timeout'], directive: '--connect-timeout', layer: 'client', cause: 'client.connect', counts: 'connect', unit: s, meaning: 'For connecting, name resolution included.' },
      { names: ['-y', '--speed-time'], directive: '--speed-time', layer: 'client', cause: 'client.read', counts: 'wait', unit: s, meaning: 'How long it may be slower than --speed-limit.' },
      { names: ['--retry-max-time'], directive: '--retry-max-time', layer: 'client', cause: null, counts: 'total', unit: s, meaning: 'No retry is begun after it.' },
    ], after: curlRetries,
  },
  {
    name: /^wget$/, product: 'wget', options: [
      { names: ['-T', '--timeout'], directive: '--timeout', layer: 'client', cause: 'client.read', alsoCauses: ['client.connect', 'client.first_byte'], counts: 'wait', unit: s, meaning: 'For resolving, connecting, and between two reads.' },
      { names: ['--read-timeout'], directive: '--read-timeout', layer: 'client', cause: 'client.read', alsoCauses: ['client.first_byte'], counts: 'wait', unit: s, meaning: 'Between two reads.' },
      { names: ['--connect-timeout'], directive: '--connect-timeout', layer: 'client', cause: 'client.connect', counts: 'connect', unit: s, meaning: 'For connecting.' },
    ],
  },
  { name: /^node(?:js)?$/, product: 'Node', options: [{ names: ['--max-old-space-size'], directive: '--max-old-space-size', layer: 'gateway', cause: 'gateway.stopped', counts: 'size', unit: 'none', meaning: 'The heap in MB; Node ends when it is full.' }] },
  { name: /^docker$/, product: 'Docker', options: [
    { names: ['-t', '--stop-timeout', '--time'], directive: '--stop-timeout', layer: 'platform', cause: 'gateway.stopped', counts: 'stop', unit: s, meaning: 'After docker stop, SIGKILL when it passes.' },
    { names: ['-m', '--memory'], directive: '--memory', layer: 'os', cause: 'os.oom_kill', counts: 'size', unit: 'none', meaning: 'The container’s memory limit.' },
  ] },
]

/** Limits in a command line: options of known programs, `timeout 5 cmd`, `ulimit`, `varnishd -p`. Several commands may be chained. */
export function commandLimits(command: string, at: At): DiagnosedLimit[] {
  return splitCommands(command).flatMap((words) => limitsOf(words, at))
}

function limitsOf(words: readonly string[], at: At): DiagnosedLimit[] {
  const limits: DiagnosedLimit[] = []
  for (let index = 0; index < words.length; index++) {
    const name = (words[index] ?? '').split('/').at(-1) ?? ''
    if (name === 'timeout' && index < 4) limits.push(...coreutilsTimeout(words.slice(index + 1), at))
    if (name === 'ulimit') limits.push(...ulimit(words.slice(index + 1), at))
    if (name === 'varnishd') limits.push(...varnishParameters(words.slice(index + 1), at))
    const program = programs.find((candidate) => candidate.name.test(name) || (name === '-m' && candidate.name.test(words[index + 1] ?? '')))
    if (!program) continue
    const own = optionsOf(program, words.slice(index + 1), at)
    limits.push(...(program.after ? program.after(words.slice(index + 1), own, at) : own))
    break
  }
  return limits
}

function optionsOf(program: Program, words: readonly string[], at: At): DiagnosedLimit[] {
  return program.options.flatMap((option): DiagnosedLimit[] => {
    const value = optionValue(words, option.names)
    if (value === null) return []
    const ms = option.unit === 'none' ? null : option.unit === 'ms' ? msOf(parseHaproxyTime(value)) : msOf(parseSeconds(value))
    return [limitOf({ layer: option.layer, product: program.product, directive: option.directive, valueMs: ms !== null && ms > 0 ? ms : null, asWritten: value, file: at.file, line: at.line, enforced: option.unit === 'none' || (ms !== null && ms > 0), meaning: option.meaning, cause: option.cause, alsoCauses: option.alsoCauses ?? [], counts: option.counts, scope: at.scope ?? null })]
  })
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
        if (inBundle === 1 && word.length > 2 && /^[\d.]/.test(word.slice(2))) return word.slice(2)
        if (inBundle === word.length - 1 && word.length > 2 && /^-[a-zA-Z]+$/.test(word)) return words[index + 1] ?? ''
      }
    }
  }
  return null
}

/** --timeout only ends what blocks a sync worker; threads and event loops stay alive and are not silent. */
function gunicornWorkers(words: readonly string[], limits: DiagnosedLimit[], at: At): DiagnosedLimit[] {
  const workerClass = optionValue(words, ['-k', '--worker-class']) ?? (optionValue(words, ['--threads']) ? 'gthread' : 'sync')
  const list = limits.some((limit) => limit.directive === '--timeout') ? limits : [...limits, limitOf({ layer: 'gateway', product: 'gunicorn', directive: '--timeout', valueMs: 30_000, asWritten: '30', file: at.file, line: at.line, meaning: 'A worker that is silent this long is killed.', cause: 'gateway.worker', counts: 'wait', isDefault: true, scope: at.scope ?? null })]
  return list.map((limit) => (limit.directive === '--timeout' ? gunicornTimeout(limit, workerClass) : limit))
}

export function gunicornTimeout(limit: DiagnosedLimit, workerClass: string): DiagnosedLimit {
  if (/^(?:sync|)$/.test(workerClass)) return limit
  return { ...limit, enforced: false, meaning: `${limit.meaning} Worker class ${workerClass} is not silent during a slow request: it does not cut one.` }
}

function curlRetries(words: readonly string[], limits: DiagnosedLimit[]): DiagnosedLimit[] {
  const retries = Number(optionValue(words, ['--retry']) ?? 0)
  return retries > 0 ? limits.map((limit) => (limit.directive === '--max-time' || limit.directive === '--connect-timeout' ? { ...limit, attempts: retries + 1 } : limit)) : limits
}

function coreutilsTimeout(words: readonly string[], at: At): DiagnosedLimit[] {
  let index = 0
  while (/^-/.test(words[index] ?? '')) index += /^(?:-s|--signal|-k|--kill-after)$/.test(words[index] ?? '') ? 2 : 1
  const value = words[index] ?? ''
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(value)
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
    return name && value ? varnishLimit(name, value, { file: at.file, line: at.line, scope: at.scope ?? null }, []) : []
  })
}

/** Words of each command of a shell line; quotes are taken off, `&&`, `;`, `|` separate. */
export function splitCommands(text: string): string[][] {
  const commands: string[][] = [[]]
  for (const match of text.slice(0, 16_384).matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(&&|\|\||[;|&])|((?:[^\s"';|&\\]|\\.)+)/g)) {
    if (match[3]) commands.push([])
    else commands.at(-1)?.push(match[1] ?? match[2] ?? match[4] ?? '')
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
