import type { RunPlan } from '../run/plan.ts'

/** Folders of what was installed rather than written for the run. */
const installed = /[\\/](?:site-packages|dist-packages|lib[\\/]python\d)/

/** Is this file the script that was run, or a module beside it? A draft without a file runs from a temporary one of the same name. */
export function isOwnFile(script: RunPlan['script'] | null | undefined, file: string): boolean {
  if (!script) return false
  if (file === script.path || file === script.name) return true
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  // A draft's file has its name with "_" for what does not belong into a file's name.
  if (base === script.name || base === script.name.replaceAll(/[^\w.-]/g, '_')) return true
  const folder = script.path?.replace(/[^\\/]*$/, '')
  return folder !== undefined && folder.length > 1 && file.startsWith(folder) && !installed.test(file.slice(folder.length - 1))
}
