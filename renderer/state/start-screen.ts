import { startClock } from './clock.ts'
import { followCommands } from './host-commands.ts'
import { keepDrafts } from './drafts.ts'
import { door, earlyDraft, greeting } from './first-greeting.ts'
import { connectEngine, onHello, useEngine } from './engine.ts'
import { followHistory } from './history.ts'
import { followLogTimes } from './log-times.ts'
import { followLog } from './log.ts'
import { usePlan } from './plan.ts'
import { followRecord } from './record.ts'
import { followRuns, loseRun } from './run.ts'
import { followSystem } from './system.ts'
import { tellRuns } from './tell-run.ts'
import { followSaves } from './run-on-save.ts'
import { followFiles } from './watch.ts'

/** Joins the stores with the engine; called once, before anything is drawn. */
export function startScreen(): void {
  onHello((_, again) => {
    if (again) loseRun()
    else void keepDrafts(earlyDraft)
  })
  connectEngine(door, greeting)
  // Without an engine there is no draft to wait for.
  useEngine.subscribe((state) => { if (state.phase === 'lost') usePlan.setState({ restored: true }) })
  followRuns()
  tellRuns()
  followLog()
  followSystem()
  followHistory()
  followRecord()
  followLogTimes()
  followFiles()
  followSaves()
  followCommands()
  startClock()
}
