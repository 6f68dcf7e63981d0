import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { planOfArguments } from '../../../electron/hosts/cli/plan-args.ts'
import { isLeftBehind } from '../../../electron/leftovers.ts'
import { findProgram } from '../find-program.ts'
import { workUntilGone } from './activity.ts'
import { commandOf, descendantsOf, marked, survivorsOf } from './processes.ts'
import { brokenPromises, noPromises, typists, type Promises } from './promises.ts'
import { startServed, type ServedEngine } from './served-engine.ts'

export interface KillReport {
  rounds: number
  /** Everything that was found wrong, in sentences that name the round. */
  problems: string[]
  acknowledged: { drafts: number; saves: number; runs: number }
  /** Longest time (ms) until the last process of a killed engine was gone. */
  slowestEndMs: number
  /** Longest time (ms) until a start after a kill answered its first call. */
  slowestStartMs: number
}

const quickScript = `def transform(input_data):
    for number in range(300):
        print("line", number)
    return {"done": True}
`
/** Starts a process of its own, as scripts do, and stays. */
const longScript = `import subprocess, time


def transform(input_data):
    child = subprocess.Popen(["sleep", "300"])
    print("started", child.pid, flush=True)
    time.sleep(300)
`
const patienceMs = 8000

/**
 * Kills a working engine again and again (SIGKILL, at moments drawn from \`seed\`; now and then while it starts) and checks after every
 * start that whatever was acknowledged is there, that no process is left, and that nothing lies around. Linux only: it reads /proc.
 */
export async function killRounds({ rounds, seed, say }: { rounds: number; seed: number; say: (line: string) => void }): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-kill-'))
  const random = randomOf(seed)
  const mark = `CUTOFF_KILL_ROUNDS=${process.pid}-${seed}`
  const [name = '', value] = mark.split('=')
  const env = { ...process.env, [name]: value, CUTOFF_DATA_DIR: join(folder, 'data'), TMPDIR: join(folder, 'tmp'), NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'), XDG_CACHE_HOME: join(folder, 'cache') }
  mkdirSync(env.TMPDIR)
  const scriptPath = join(folder, 'saved', 'script.py')
  mkdirSync(join(folder, 'saved'))
  writeFileSync(join(folder, 'quick.py'), quickScript)
  writeFileSync(join(folder, 'long.py'), longScript)
  const promises = noPromises()
  const withProxy = findProgram('nginx') !== null
  const plans = {
    quick: await planOfArguments(join(folder, 'quick.py'), {}),
    long: [await planOfArguments(join(folder, 'long.py'), { limit: ['os.memory=400MB'] }), await planOfArguments(join(folder, 'long.py'), withProxy ? { proxy: 'nginx' } : {})],
  }
  const report: KillReport = { rounds, problems: [], acknowledged: { drafts: 0, saves: 0, runs: 0 }, slowestEndMs: 0, slowestStartMs: 0 }
  const seen = new Set<number>()
  const kept = new Set<string>()

  try {
    for (let round = 1; round <= rounds + 1; round++) {
      const note = (problems: readonly string[]) => { for (const problem of problems) report.problems.push(`round ${round}: ${problem}`) }
      const began = performance.now()
      const starting = startServed(env)
      // One round in six is over before the engine has said a word; the last start is for the checks only.
      const early = round <= rounds && random() < 1 / 6
      const killAfterMs = random() * (early ? 450 : 1400)
      if (early) await wait(killAfterMs)
      else {
        const engine = await starting.ready
        await engine.call('loadDraft')
        report.slowestStartMs = Math.max(report.slowestStartMs, performance.now() - began)
        note(await brokenPromises(promises, engine, scriptPath))
        note(await untidy(folder, engine.pid, round > 1))
        if (round <= rounds) {
          void workUntilGone(engine, { promises, random, scriptPath, quick: plans.quick, long: plans.long[round % 2] ?? plans.quick })
          // Every other round waits for its first kept run, however busy the machine is: there has to be something to lose.
          if (round % 2 === 0) await untilMore(promises.runs)
          await wait(killAfterMs)
        }
        for (const id of promises.runs.keys()) kept.add(id)
        for (const pid of descendantsOf(engine.pid)) seen.add(pid)
        await engine.kill()
        if (await answers(engine)) note([`port ${engine.port} still answers`])
      }
      await starting.kill()
      const { pids, afterMs } = await survivorsOf(() => [...new Set([...seen, ...marked(mark)])], patienceMs)
      report.slowestEndMs = Math.max(report.slowestEndMs, afterMs)
      note(pids.map((pid) => `process ${pid} is left: ${commandOf(pid)}`))
      for (const pid of pids) process.kill(pid, 'SIGKILL')
      say(`${round > rounds ? 'last check' : `round ${round} of ${rounds}`}: ${early ? 'killed while starting' : 'killed at work'} after ${killAfterMs.toFixed(0)} ms; ${draftsOf(promises)} drafts, ${promises.file.acknowledged} saves, ${kept.size} runs acknowledged; all gone after ${afterMs.toFixed(0)} ms; problems so far: ${report.problems.length}`)
      seen.clear()
    }
    report.acknowledged = { drafts: draftsOf(promises), saves: promises.file.acknowledged, runs: kept.size }
    return report
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

function draftsOf({ drafts }: Promises): number {
  return typists.reduce((sum, typist) => sum + drafts[typist].acknowledged, 0)
}

const firstRunPatienceMs = 15_000

async function untilMore(runs: ReadonlyMap<string, unknown>): Promise<void> {
  const had = new Set(runs.keys())
  for (const began = performance.now(); performance.now() - began < firstRunPatienceMs; await wait(10)) {
    if ([...runs.keys()].some((id) => !had.has(id))) return
  }
}

/** What a start should have cleared away, and did not within a second; and whether the store is whole. */
async function untidy(folder: string, pid: number, afterKill: boolean): Promise<string[]> {
  const store = join(folder, 'data/history/history.db')
  if (!afterKill || !existsSync(store)) return []
  const find = () => {
    const tmp = readdirSync(join(folder, 'tmp')).filter((name) => isLeftBehind(name) || (name.startsWith('cutoff-') && !name.startsWith(`cutoff-${pid}_`)))
    const files = readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))
    return [...tmp, ...files, ...logsWithoutRun(folder)]
  }
  let left = find()
  for (let tries = 0; left.length > 0 && tries < 50; tries++) {
    await wait(20)
    left = find()
  }
  const db = new DatabaseSync(store, { readOnly: true })
  try {
    const [check] = db.prepare('PRAGMA integrity_check').all()
    return [...left.map((name) => `${name} lies around`), ...(check?.integrity_check === 'ok' ? [] : [`the store is damaged: ${JSON.stringify(check)}`])]
  } finally {
    db.close()
  }
}

function logsWithoutRun(folder: string): string[] {
  const logs = join(folder, 'data/history/logs')
  if (!existsSync(logs)) return []
  const db = new DatabaseSync(join(folder, 'data/history/history.db'), { readOnly: true })
  try {
    const ids = new Set(db.prepare('SELECT id FROM runs').all().map(({ id }) => String(id)))
    return readdirSync(logs).filter((id) => !ids.has(id)).map((id) => `log ${id}, whose run is not there,`)
  } finally {
    db.close()
  }
}

/** Is this engine still there? Another program may have got its port meanwhile; that one does not know the session. */
async function answers({ origin, cookie }: ServedEngine): Promise<boolean> {
  return fetch(`${origin}/`, { headers: { Cookie: `${cookie.name}=${cookie.value}` }, signal: AbortSignal.timeout(2000) }).then(({ status }) => status === 200, () => false)
}

/** Mulberry32: small, seeded, good enough to draw moments with. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
