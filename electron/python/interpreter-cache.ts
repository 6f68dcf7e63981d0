import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { cacheFolder } from './cache-folder.ts'
import { probeInterpreter, type Probed } from './interpreter-probe.ts'

export interface ResolveOptions {
  /** File that remembers answers between processes; null = none. Default: in the user's cache. */
  cacheFile?: string | null
  /** How long an interpreter may take to answer; default 10 s. */
  timeLimitMs?: number
}

/** What an answer depended on, and what it was. `program` guards against a replaced interpreter. */
const entrySchema = v.object({ path: v.string(), version: v.string(), program: v.string(), usedAt: v.number() })
const fileSchema = v.object({ schema: v.literal('cutoff.interpreters/1'), entries: v.record(v.string(), entrySchema) })
type Entry = v.InferOutput<typeof entrySchema>

const mostEntries = 50
const inMemory = new Map<string, Entry>()

/**
 * The real interpreter behind a program; a string is the problem. A shim costs 120 ms and more each time, so answers are remembered
 * under everything they depend on: the file, and for a shim the version it was told to choose. Problems are never remembered.
 */
export async function resolveInterpreter(
  program: string, args: string[], context: { env: Record<string, string>; folder: string } & ResolveOptions,
): Promise<Probed | string> {
  const cacheFile = context.cacheFile === undefined ? join(cacheFolder(context.env), 'interpreters.json') : context.cacheFile
  const key = await keyOf(program, args, context)
  const known = inMemory.get(key) ?? (cacheFile ? (await readEntries(cacheFile))[key] : undefined)
  if (known && (await printOf(known.path)) === known.program) {
    inMemory.set(key, known)
    return { path: known.path, version: known.version }
  }
  const probed = await probeInterpreter(program, args, { env: context.env, folder: context.folder, timeLimitMs: context.timeLimitMs ?? 10_000 })
  if (typeof probed === 'string') return probed
  const identity = await printOf(probed.path)
  if (identity === null) return `says it is ${probed.path}, which does not exist`
  const entry = { ...probed, program: identity, usedAt: Date.now() }
  inMemory.set(key, entry)
  if (cacheFile) await remember(cacheFile, key, entry).catch(() => { /* a cache that cannot be written costs time only */ })
  return probed
}

async function keyOf(program: string, args: string[], { env, folder }: { env: Record<string, string>; folder: string }): Promise<string> {
  const parts = [program, ...args, await printOf(program)]
  if (/[\\/](shims|\.?mise|\.?asdf)[\\/]/.test(program)) parts.push(...(await shimChoice(env, folder)))
  return JSON.stringify(parts)
}

/** What tells pyenv, asdf and mise which version to run: variables, files from the folder upwards, the global file. */
async function shimChoice(env: Record<string, string>, folder: string): Promise<(string | null)[]> {
  const variables = Object.keys(env).filter((name) => /^(PYENV_VERSION|PYENV_ROOT|ASDF_PYTHON_VERSION|MISE_PYTHON_VERSION)$/.test(name)).toSorted()
  const files: string[] = []
  for (let at = folder; ; at = dirname(at)) {
    for (const name of ['.python-version', '.tool-versions', 'mise.toml', '.mise.toml']) files.push(join(at, name))
    if (dirname(at) === at) break
  }
  files.push(join(env['PYENV_ROOT'] ?? join(env['HOME'] ?? '', '.pyenv'), 'version'))
  const prints = await Promise.all(files.map(async (file) => [file, await printOf(file)] as const))
  return [...variables.map((name) => `${name}=${env[name]}`), ...prints.filter(([, print]) => print !== null).flat()]
}

/** A file's identity: replaced or edited, it changes. Null if it does not exist. */
async function printOf(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null)
  return found && `${found.ino}:${found.size}:${found.mtimeMs}`
}

async function readEntries(file: string): Promise<Record<string, Entry>> {
  try {
    const parsed = v.safeParse(fileSchema, JSON.parse(await readFile(file, 'utf8')))
    return parsed.success ? parsed.output.entries : {}
  } catch { return {} }
}

async function remember(file: string, key: string, entry: Entry): Promise<void> {
  const entries = Object.entries({ ...(await readEntries(file)), [key]: entry }).toSorted((a, b) => b[1].usedAt - a[1].usedAt).slice(0, mostEntries)
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.tmp`
  await writeFile(draft, JSON.stringify({ schema: 'cutoff.interpreters/1', entries: Object.fromEntries(entries) }))
  await rename(draft, file)
}

/** Forgets the answers of this process; what is on disk stays. */
export function forgetInterpreters(): void {
  inMemory.clear()
}
