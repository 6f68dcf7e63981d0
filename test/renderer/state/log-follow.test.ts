import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Hello, LogRow } from '../../../shared/bridge/contract.ts'
import { emptyRun } from '../../../shared/run/fold-run.ts'
import type { Door } from '../../../renderer/bridge.ts'
import { connectEngine } from '../../../renderer/state/engine.ts'
import { followLog, rowAt, setFollow, showTail, useLog } from '../../../renderer/state/log.ts'
import { followRuns, takeGrowth, useRun } from '../../../renderer/state/run.ts'

/** An engine whose log is as long as it is told, and that answers when it is let. */
const engine = {
  lines: 0,
  asked: [] as { from: number; count: number; answer: () => void }[],
  pushes: new Map<string, (value: never) => void>(),
  grow(lines: number) {
    engine.lines = lines
    engine.pushes.get('logGrew')?.({ runId: 'run', lines, counts: { stdout: lines } } as never)
  },
}

const door = {
  host: 'web', state: () => ({ phase: 'open' }), onState: () => () => {}, retry: () => {},
  on: (name: string, listener: (value: never) => void) => { engine.pushes.set(name, listener); return () => {} },
  call: (name: string, { from, count }: { from: number; count: number }) => new Promise((resolve, reject) => {
    if (name !== 'logRows') reject(new Error(`${name} was not expected`))
    const answer = () => resolve({ rows: rowsOf(from, Math.min(count, engine.lines - from)), total: engine.lines, scanning: false, error: null })
    engine.asked.push({ from, count, answer })
  }),
} as unknown as Door
connectEngine(door, new Promise<Hello>(() => {}))
followRuns()
followLog()

function rowsOf(from: number, count: number): LogRow[] {
  return Array.from({ length: count }, (_, index): LogRow => ({ line: from + index, atMs: from + index, source: 'stdout', level: null, text: `line ${from + index}`, cut: false, fields: null }))
}

async function answer() {
  const waiting = engine.asked.splice(0)
  expect(waiting).not.toEqual([])
  for (const request of waiting) request.answer()
  await new Promise((resolve) => { setTimeout(resolve) })
}

// Other files of tests share this store.
afterAll(() => useRun.setState(useRun.getInitialState(), true))
// A beat is a matter of time: here none passes.
afterEach(() => { vi.useRealTimers() })
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  engine.asked = []
  useRun.setState({ phase: 'none', runId: null, logLines: 0, logCounts: {} })
  useRun.setState({ phase: 'running', runId: 'run', run: emptyRun() })
})

describe('a log that is followed', () => {
  test('tells of a line only together with its text', async () => {
    engine.grow(10)
    takeGrowth()
    expect(useRun.getState().logLines).toBe(10)
    expect(useLog.getState().total).toBe(0)
    await answer()
    expect(useLog.getState().total).toBe(10)
    expect(rowAt(9)?.text).toBe('line 9')
  })

  test('has every row of its end however much came at once', async () => {
    const seen: number[] = []
    const stop = useLog.subscribe(({ total }) => { if (total > 0) { seen.push(total); for (let row = Math.max(0, total - 40); row < total; row++) expect(rowAt(row)?.line).toBe(row) } })
    for (const lines of [1, 127, 128, 129, 5000, 1_000_000, 1_000_001]) {
      engine.grow(lines)
      takeGrowth()
      await answer()
      showTail()
    }
    stop()
    expect(seen).toEqual([1, 127, 128, 129, 5000, 1_000_000, 1_000_001])
  })

  test('shows what comes right after with the next beat, once', async () => {
    engine.grow(10)
    takeGrowth()
    await answer()
    const { version } = useLog.getState()
    engine.grow(20)
    takeGrowth()
    await answer()
    expect(useLog.getState()).toMatchObject({ total: 10, version })
    showTail()
    showTail()
    expect(useLog.getState()).toMatchObject({ total: 20, version: version + 1 })
  })

  test('asks again for what came while it was asked, though nothing comes any more', async () => {
    engine.grow(10)
    takeGrowth()
    engine.grow(30)
    takeGrowth()
    expect(engine.asked).toHaveLength(1)
    engine.lines = 10
    await answer()
    engine.lines = 30
    await answer()
    useRun.setState({ phase: 'ended' })
    showTail()
    expect(useLog.getState().total).toBe(30)
  })

  test('shows its last lines at once when the run is over', async () => {
    engine.grow(10)
    takeGrowth()
    await answer()
    useRun.setState({ phase: 'ended' })
    engine.grow(11)
    await answer()
    expect(useLog.getState().total).toBe(11)
    expect(rowAt(10)?.text).toBe('line 10')
  })
})

test('a log that is not followed tells its length at once, and asks for nothing', () => {
  setFollow(false)
  engine.grow(500)
  takeGrowth()
  expect(useLog.getState().total).toBe(500)
  expect(engine.asked).toEqual([])
})

test('rows of another run that come too late are not shown', async () => {
  engine.grow(10)
  takeGrowth()
  useRun.setState({ runId: 'other', logLines: 0 })
  await answer()
  expect(useLog.getState().total).toBe(0)
  expect(rowAt(0)).toBeUndefined()
})
