import type { Page } from 'playwright-core'

/** What a page tells of itself while it is measured. Put in before the page loads; read with `readWatch`. */
export interface PageWatch {
  /** Tasks of more than 50 ms, by the browser's own count. */
  longTasks: { atMs: number; ms: number }[]
  /** Starts of frames, while they are counted (`countFrames`): counting asks for every frame, which is work that a page at rest does not have. */
  frames: number[]
  counting: boolean
  /** Large answers of the engine (over 100 kB): when they came, and when the frame that followed was done. */
  answers: { atMs: number; shownMs: number }[]
}

// The page's own, where this code runs; the rest of `build/` runs in Node.
declare global {
  var pageWatch: PageWatch
  function requestAnimationFrame(onFrame: (nowMs: number) => void): number
}

export async function watchPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watch: PageWatch = { longTasks: [], frames: [], counting: false, answers: [] }
    globalThis.pageWatch = watch
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) watch.longTasks.push({ atMs: entry.startTime, ms: entry.duration }) }).observe({ type: 'longtask' as never, buffered: true })
    const Native = globalThis.WebSocket
    globalThis.WebSocket = class extends Native {
      constructor(address: string | URL) {
        super(address)
        this.addEventListener('message', (event: { data: unknown }) => {
          if (String(event.data).length < 100_000) return
          const answer = { atMs: performance.now(), shownMs: Number.NaN }
          watch.answers.push(answer)
          // After the page's own listeners: the frame in which the answer is drawn, and the first task after it.
          setTimeout(() => requestAnimationFrame(() => setTimeout(() => { answer.shownMs = performance.now() })))
        })
      }
    } as typeof WebSocket
  })
}

/** What was noted since the last reading; frames are not counted any more. */
export function readWatch(page: Page): Promise<PageWatch> {
  return page.evaluate(() => {
    const { longTasks, frames, answers } = globalThis.pageWatch
    globalThis.pageWatch.counting = false
    return { longTasks: longTasks.splice(0), frames: frames.splice(0), counting: false, answers: answers.splice(0) }
  })
}

/** Counts the page's frames until the next reading. */
export function countFrames(page: Page): Promise<void> {
  return page.evaluate(() => {
    const watch = globalThis.pageWatch
    watch.counting = true
    const onFrame = (now: number) => {
      if (!watch.counting) return
      watch.frames.push(now)
      requestAnimationFrame(onFrame)
    }
    requestAnimationFrame(onFrame)
  })
}

/** Frames per second between the first and the last of these frames. */
export function framesPerSecond(frames: readonly number[]): number {
  const [first, last] = [frames[0], frames.at(-1)]
  return first === undefined || last === undefined || last === first ? 0 : (frames.length - 1) * 1000 / (last - first)
}

export function longestTaskMs({ longTasks }: PageWatch): number {
  return Math.max(0, ...longTasks.map(({ ms }) => ms))
}
