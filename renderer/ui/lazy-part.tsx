import { useEffect, useSyncExternalStore, type ComponentType, type ReactNode } from 'react'
import { afterPaint } from './after-paint.ts'
import { Icon } from './icon.tsx'

/** A part of the screen whose code comes later; `load` fetches it ahead of its first use and never rejects. */
export type LazyPart<Props> = ComponentType<Props> & { load(): Promise<void> }

type PartState<Props> = { phase: 'none' | 'loading' | 'failed' } | { phase: 'ready'; Part: ComponentType<Props> }

/** What did not arrive, to be asked for again. */
let missing: (() => Promise<void>)[] = []

/**
 * A part of the screen that is fetched when it is first drawn (or before, with `load`). Where `React.lazy` would take the whole
 * screen down when its code does not arrive (in the browser the engine serves it, and may have stopped), this says so in its
 * place and can be tried again. `waiting` stands there meanwhile.
 */
export function lazyPart<Props extends object>(fetchPart: () => Promise<ComponentType<Props>>, waiting: ReactNode = null): LazyPart<Props> {
  let state: PartState<Props> = { phase: 'none' }
  const listeners = new Set<() => void>()
  const set = (next: PartState<Props>) => {
    state = next
    for (const listener of listeners) listener()
  }
  async function load(): Promise<void> {
    if (state.phase === 'ready' || state.phase === 'loading') return
    set({ phase: 'loading' })
    try {
      set({ phase: 'ready', Part: await fetchPart() })
      missing = missing.filter((other) => other !== load)
    } catch {
      if (!missing.includes(load)) missing.push(load)
      set({ phase: 'failed' })
    }
  }
  function Lazy(props: Props) {
    const now = useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener) }, () => state)
    useEffect(() => (now.phase === 'none' ? afterPaint(() => void load()) : undefined), [now])
    // What did not arrive ahead of its use is asked for once more when it is opened.
    useEffect(() => { if (state.phase === 'failed') void retry(load) }, [])
    if (now.phase === 'ready') return <now.Part {...props} />
    return now.phase === 'failed' ? <FailedPart onRetry={() => void retry(load)} /> : waiting
  }
  return Object.assign(Lazy, { load })
}

function FailedPart({ onRetry }: { onRetry: () => void }) {
  return (
    <div className="notice notice-problem" role="alert">
      <Icon name="warning" /><p>This part of the screen did not arrive: the engine that serves it does not answer. What you typed is kept.</p>
      <button type="button" className="btn btn-sm" onClick={onRetry}>Try again</button>
    </div>
  )
}

/** Fetches again what did not arrive; called when the engine answers again. */
export function retryFailedParts(): void {
  for (const load of missing) void retry(load)
}

async function retry(load: () => Promise<void>): Promise<void> {
  // Styles that did not arrive either are asked for once by the bundler: a fresh link asks again.
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) if (link.sheet === null) link.replaceWith(link.cloneNode())
  await load()
}
