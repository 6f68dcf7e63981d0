import { readFile, stat, writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { isOwnFile } from '../../shared/stacks/own-file.ts'
import { scriptTextOf, type RunPlan } from '../../shared/run/plan.ts'

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

/** The plan with what the script's file holds now; as it is where it carries its text, or the file is none that can be read. */
export async function withFileText(plan: RunPlan): Promise<RunPlan> {
  if (plan.script.text !== null || plan.script.path === null) return plan
  const onDisk = await textOf(plan.script.path)
  return onDisk === null ? plan : { ...plan, script: { ...plan.script, onDisk } }
}

/** A larger file is no source that somebody reads. */
const mostSource = 4 * 1024 ** 2
const mostLine = 500

/** Text of the lines of the script and of the modules beside it, for time per line; other files are named by their place only. */
export async function sourceLines(plan: RunPlan, scriptPath: string, files: Iterable<string>): Promise<(file: string, line: number) => string | null> {
  const own = [...new Set(files)].filter((file) => file !== scriptPath && isAbsolute(file) && isOwnFile(plan.script, file))
  const texts = await Promise.all([[scriptPath, scriptTextOf(plan)] as const, ...own.map(async (file) => [file, await textOf(file)] as const)])
  const lines = new Map(texts.map(([file, text]) => [file, (text ?? '').split(/\r?\n/)]))
  return (file, line) => lines.get(file)?.[line - 1]?.slice(0, mostLine) ?? null
}

async function textOf(file: string): Promise<string | null> {
  const found = await stat(file).catch(() => null)
  return found?.isFile() && found.size <= mostSource ? readFile(file, 'utf8').catch(() => null) : null
}
