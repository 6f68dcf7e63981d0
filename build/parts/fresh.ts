import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export const root = join(import.meta.dirname, '../..')
const stateFile = join(root, 'out/built.json')

/** One thing that is built: from what, into what, how. */
export interface Part {
  name: string
  /** Files and folders, from the root of the checkout. */
  inputs: readonly string[]
  /** A file that has to be there for the part to count as built. */
  output: string
  build: () => Promise<void> | void
}

/** Builds the parts whose inputs have changed since they were built last. Returns the names of those. */
export async function buildStale(parts: readonly Part[], say: (line: string) => void, all = false): Promise<string[]> {
  const built: string[] = []
  for (const part of parts) {
    const key = keyOf(part.inputs)
    if (!all && readKeys()[part.name] === key && existsSync(join(root, part.output))) continue
    const start = performance.now()
    await part.build()
    writeKeys({ ...readKeys(), [part.name]: key })
    say(`built ${part.name} in ${Math.round(performance.now() - start)} ms`)
    built.push(part.name)
  }
  return built
}

/** Tells one state of the inputs from another by names, sizes and times; reading a thousand files would cost a start too much. */
export function keyOf(inputs: readonly string[], base: string = root): string {
  const hash = createHash('sha256')
  for (const file of inputs.flatMap((input) => filesBelow(join(base, input)))) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${relative(base, file)}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

/** Every file below a folder, in a stable order; the file itself for a file; nothing for what is not there. */
export function filesBelow(path: string): string[] {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules' && entry.name !== '__pycache__')
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)])
}

function readKeys(): Record<string, string> {
  try {
    return JSON.parse(readFileSync(stateFile, 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}

function writeKeys(keys: Record<string, string>): void {
  mkdirSync(dirname(stateFile), { recursive: true })
  writeFileSync(stateFile, JSON.stringify(keys, null, 2))
}

/** Names of the parts that were never built, or not since their inputs changed. */
export function staleParts(parts: readonly Part[]): string[] {
  const keys = readKeys()
  return parts.filter((part) => keys[part.name] !== keyOf(part.inputs) || !existsSync(join(root, part.output))).map((part) => part.name)
}
