import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ProfileProblem } from '../shared/flow/parse-profile.ts'
import { transformationService, type Profile } from '../shared/flow/profiles.ts'

/** The folder of the profiles that come with Cutoff: one YAML file each, as users write them. */
const folder = join(import.meta.dirname, 'profiles')

/** The default profile first, then those of the folder by name. */
export async function readProfiles(): Promise<Profile[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).toSorted()
  const read = await Promise.all(files.map((file) => readProfileFile(join(folder, file))))
  return [transformationService, ...read.map((result, index) => {
    if (!result.ok) throw new Error(`the shipped profile ${files[index]} is broken: ${result.problems.map((problem) => `line ${problem.line}: ${problem.message}`).join('; ')}`)
    return result.profile
  })]
}

/** A shipped profile by name, without reading the others; null if there is none. */
export async function readShippedProfile(name: string): Promise<Profile | null> {
  if (name === transformationService.name) return transformationService
  if (!/^[a-z0-9-]+$/.test(name)) return null
  const result = await readProfileFile(join(folder, `${name}.yaml`)).catch(() => null)
  return result?.ok ? result.profile : null
}

export async function readProfileNames(): Promise<string[]> {
  return [transformationService.name, ...(await readdir(folder)).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -5))]
}

/** Reads one profile file; rejects only when the file cannot be read. */
export async function readProfileFile(path: string): Promise<{ ok: true; profile: Profile } | { ok: false; problems: ProfileProblem[] }> {
  const text = await readFile(path, 'utf8')
  // A YAML parser is a lot to load for a run with the default profile.
  const { parseProfile } = await import('../shared/flow/parse-profile.ts')
  return parseProfile(text, basename(path))
}
