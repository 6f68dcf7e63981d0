import type { RunPlan } from '../../shared/run/plan.ts'
import type { Preflight } from '../flow/connector/connector.ts'
import { findInterpreter, interpreterFields } from '../python/interpreters.ts'
import { checkScriptFile } from '../python/preflight.ts'

/** What the connector checks before it starts anything: the interpreter, then the script's file. */
export async function checkBeforeScript(plan: RunPlan, scriptPath: string): Promise<Preflight> {
  const [python, file] = await Promise.all([findInterpreter({ python: plan.python, scriptPath: plan.script.path ?? scriptPath }), checkScriptFile(scriptPath)])
  const logs: Preflight['logs'] = python.python3Missing ? [{ level: 'warn', message: 'python3 not found, trying python' }] : []
  if (!python.ok) {
    return {
      ok: false, error: `python not usable: ${python.detail}`, checks: [{ name: python.cause, ok: false, detail: python.detail }],
      logs: [...logs, { level: 'error', message: python.cause === 'python.not_found' ? 'Python not found' : 'Python not usable', fields: { error: python.detail, python_cmd: python.command } }],
    }
  }
  const checks: Preflight['checks'] = [{ name: 'python', ok: true, detail: `${python.path} ${python.version}`, fields: interpreterFields(python) }, file]
  if (!file.ok) {
    return { ok: false, error: `script file not accessible: ${String(file.fields.error)}`, checks, logs: [...logs, { level: 'error', message: 'Script file not accessible', fields: file.fields }] }
  }
  return { ok: true, checks, logs, python: { path: python.path, version: python.version, command: interpreterFields(python).python_cmd }, scriptPath, ...(plan.script.path === null ? { scriptLabel: plan.script.name } : {}) }
}
