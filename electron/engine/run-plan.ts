import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunPlan } from '../../shared/run/plan.ts'

/**
 * The file that Python compiles. Text that is not on disk as it stands (a draft) is written into the run's folder under
 * the script's own name, so that tracebacks read as people expect.
 */
export async function scriptFileOf(plan: RunPlan, runFolder: string): Promise<string> {
  if (plan.script.text === null) {
    if (plan.script.path === null) throw new Error('the plan names no script: give it a path or a text')
    return plan.script.path
  }
  const path = join(runFolder, safeName(plan.script.name))
  await writeFile(path, plan.script.text, { mode: 0o600 })
  return path
}

/** A name without a path in it, whatever the screen sent. */
function safeName(name: string): string {
  const base = name.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '')
  return base === '' ? 'script.py' : base.endsWith('.py') ? base : `${base}.py`
}

/** Text of the script's own lines, for time per line; other files are named by their place only. */
export async function sourceLines(plan: RunPlan, scriptPath: string): Promise<(file: string, line: number) => string | null> {
  const text = plan.script.text ?? await readFile(scriptPath, 'utf8').catch(() => '')
  const lines = text.length > 4 * 1024 ** 2 ? [] : text.split(/\r?\n/)
  return (file, line) => (file === scriptPath ? lines[line - 1]?.slice(0, 500) ?? null : null)
}
