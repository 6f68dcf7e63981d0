import { expect, test } from 'vitest'
import { applyEvent, emptyRun } from '../../../shared/run/fold-run.ts'
import { useAnnouncer } from '../../../renderer/state/announcer.ts'
import { showRun, useRun } from '../../../renderer/state/run.ts'
import { tellRuns } from '../../../renderer/state/tell-run.ts'
import { classicEvents } from '../classic-run.ts'

test('a screen reader hears the stages as they are reached, then the verdict, each once; nothing of a run that is opened', () => {
  const heard: string[] = []
  useAnnouncer.subscribe(({ text }) => heard.push(text))
  tellRuns()
  const run = emptyRun()
  useRun.setState({ phase: 'running', runId: 'r1', run, version: 0 })
  for (const event of classicEvents()) {
    applyEvent(run, event)
    useRun.setState(({ version }) => ({ version: version + 1, ...(run.ended ? { phase: 'ended' as const } : {}) }))
  }
  expect(heard).toEqual(['request received', 'connector started', 'script started', 'script finished', expect.stringMatching(/^Cut: The client hung up: the 500 ms limit .* asleep on line 9\.$/)])
  heard.length = 0
  showRun('r2', classicEvents(), 9, {}, 7)
  expect(heard).toEqual([])
})
