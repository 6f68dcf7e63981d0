import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What one interpreter says of itself and of the limits a child of it would see; one start of it for everything. */
export interface PythonFacts {
  path: string
  version: string
  /** A value that went to Python and back as JSON unchanged. */
  roundTrip: boolean
  /** `resource.getrlimit` as the child sees it: [soft, hard], null = unlimited; null where there is no `resource` (Windows). */
  rlimits: Record<string, [number | null, number | null]> | null
  startMs: number
}
export type PythonReading = { ok: true; facts: PythonFacts } | { ok: false; path: string; problem: string }

const probe = `
import json, sys
value = json.loads(sys.argv[1])
limits = None
try:
    import resource
    limits = {}
    for name in ("AS", "CPU", "NOFILE", "NPROC", "FSIZE", "STACK", "CORE", "DATA"):
        if hasattr(resource, "RLIMIT_" + name):
            limits[name] = [None if limit == resource.RLIM_INFINITY else limit for limit in resource.getrlimit(getattr(resource, "RLIMIT_" + name))]
except ImportError:
    pass
print(json.dumps({"path": sys.executable, "version": ".".join(map(str, sys.version_info[:3])), "value": value, "limits": limits}))
`
const value = { test: 'success', umlaut: 'ü', number: 1.5 }

/** Starts the interpreter once, as the connector would (at most 10 s). */
export async function readPython(path: string): Promise<PythonReading> {
  const start = performance.now()
  try {
    const { stdout } = await run(path, ['-c', probe, JSON.stringify(value)], { timeout: 10_000, maxBuffer: 1 << 20, env: { ...process.env, PYTHONIOENCODING: 'utf-8' } })
    const answer = JSON.parse(stdout) as { path: string; version: string; value: unknown; limits: PythonFacts['rlimits'] }
    return { ok: true, facts: { path: answer.path, version: answer.version, roundTrip: JSON.stringify(answer.value) === JSON.stringify(value), rlimits: answer.limits, startMs: performance.now() - start } }
  } catch (error) {
    return { ok: false, path, problem: problemOf(error) }
  }
}

/** What it said itself, if it said anything; its last line is the one that counts. */
function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if ('killed' in error && error.killed === true) return 'it did not answer within 10 s'
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim().split('\n').at(-1) ?? '' : ''
  if (said !== '') return said
  return error instanceof SyntaxError ? `it did not answer in JSON: ${error.message}` : error.message.split('\n')[0] ?? ''
}
