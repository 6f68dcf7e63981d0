import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { commandLimits, jsonOrWords, splitCommands } from './command-line.ts'
import { parseDockerRun } from './docker-run.ts'
import { msOf, parseGoDuration } from './durations.ts'
import { envLimits } from './env-values.ts'
import { includedFiles } from './includes.ts'
import { baseName, limitOf, noteOf, type ConfigFile, type ConfigReader } from './reader.ts'
import { dotEnvBeside, variableLimits, variablesIn, withVariables } from './variables.ts'

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
const commandLine = /^(?:[ \t]*(?:\$ |# )?|CMD |ENTRYPOINT |RUN |exec )(?:\S*\/)?(?:(?:curl|wget)[ \t](?:\S{1,200}[ \t]+){0,20}(?:-{1,2}\w|["']?https?:\/\/)|(?:gunicorn|uvicorn|uwsgi|hypercorn|varnishd)[ \t](?:\S{1,200}[ \t]+){0,20}-{1,2}[a-zA-Z]|(?:docker|podman)[ \t]+(?:container[ \t]+)?(?:run|create)[ \t]+-|timeout[ \t]+(?:-{1,2}\S{1,20}[ \t]+(?:[A-Z]{3,6}[ \t]+)?){0,4}[\d.]+[smhd]?[ \t]+\S|ulimit[ \t]+-\w)/m

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
  includes: ({ file, text }, others) => [...text.matchAll(/--env-file[= \t]+["']?([\w./~-]{1,300})/g)].slice(0, 100).flatMap((match) => includedFiles(match[1] ?? '', others.filter((other) => other.file !== file))).map((other) => other.file),
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
      const argument = /^\s*ARG\s+([A-Za-z_]\w{0,80})=["']?([^"'\s]{0,200})/.exec(line)
      if (argument) variables.set(argument[1] ?? '', argument[2] ?? '')
      const env = /^\s*ENV\s+(.*)$/.exec(line)
      if (env) for (const [name, value] of environmentOf(env[1] ?? '')) variables.set(name, value)
      if (env) return environmentOf(env[1] ?? '').flatMap(([name, value]) => envLimits(name, value, { file, line: number, notes }))
      const check = /^\s*HEALTHCHECK\s+(.*)$/.exec(line)?.[1]
      const docker = /^\s*(?:CMD|ENTRYPOINT|RUN|HEALTHCHECK.*?CMD)\s+(.*)$/.exec(line)
      const words = docker?.[1]?.trim() ?? line.replace(/^\s*[$#] /, '')
      return [...(check === undefined ? [] : healthCheck(check, file, number)), ...commandLimits(words.startsWith('[') ? jsonWords(words) : words, { file, line: number, notes }), ...containerVariables(words, { file, line: number }, others, notes)]
    })
    return { limits, notes }
  },
}

/** What `docker run` gives a container as its environment: files first, `-e` holds against them. */
function containerVariables(command: string, at: { file: string; line: number }, others: readonly ConfigFile[], notes: DiagnosisNote[]): DiagnosedLimit[] {
  if (!/\b(?:docker|podman)\b/.test(command)) return []
  return splitCommands(command).flatMap((words) => {
    const run = parseDockerRun(words.slice(words.findIndex((word) => /(?:^|\/)(?:docker|podman)$/.test(word)) + 1))
    if (!run) return []
    const fromFiles = run.envFiles.flatMap((path) => {
      const found = includedFiles(path, others.filter((other) => other.file !== at.file))
      if (found.length === 0) notes.push(noteOf(at.file, at.line, `--env-file ${path}: not among the given files; what it sets is missing`))
      return found.flatMap(variablesIn)
    })
    return variableLimits([...fromFiles, ...run.variables.map((variable) => ({ ...variable, ...at }))], null, notes)
  })
}

/** Variables that the script itself sets are filled in; others stay as they are. */
function filledIn(line: string, variables: ReadonlyMap<string, string>): string {
  return variables.size === 0 || !line.includes('$') ? line : line.replaceAll(/\$(?:\{(\w{1,80})\}|(\w{1,80}))/g, (whole, braced: string | undefined, bare: string | undefined) => variables.get(braced ?? bare ?? '') ?? whole)
}

/** `A=1 B="2 3"`, or Docker's old `A 1`. */
export function environmentOf(text: string): [string, string][] {
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
