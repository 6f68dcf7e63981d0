import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findPythons } from '../../../../build/test-tools/pythons.ts'
import { machinePython } from '../run-script.ts'

/** Every CPython of this machine that can be used, with its version. */
export const pythons = (await findPythons([machinePython.path])).map((found) => [found.version, found] as const)

/** A script of this folder, and the lines of its `#@name` marks. */
export function scriptOf(name: string): { path: string; lineOf(mark: string): number } {
  const path = join(import.meta.dirname, 'scripts', name)
  const lines = readFileSync(path, 'utf8').split('\n')
  return {
    path,
    lineOf(mark) {
      const index = lines.findIndex((line) => line.endsWith(`#@${mark}`))
      if (index < 0) throw new Error(`${name} has no mark ${mark}`)
      return index + 1
    },
  }
}
