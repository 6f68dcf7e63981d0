import type { Bridge, Draft, DraftWindow } from '../../shared/bridge/contract.ts'

/** Where a window's name waits while its page is loaded anew. */
const storageKey = 'cutoff.window'
const lockOf = (window: string) => `cutoff.window ${window}`
const nameOf = (lock: string | undefined) => /^cutoff\.window (.+)$/.exec(lock ?? '')?.[1] ?? []

/** Whose draft this page keeps: browsers have many windows, the desktop app one. */
export function windowOf(host: Bridge['host']): { window?: string } {
  return host === 'desktop' ? {} : { window: ownName() }
}

/** Asks for the draft of this window, and tells the engine which other windows are there: what the rest have left comes along. */
export function openDraft({ host, call }: Pick<Bridge, 'host' | 'call'>): Promise<Draft | null> {
  return whileStarting(host, (window) => call('openDraft', window))
}

/** Does something with this window and those that are there besides. One at a time: of two windows that start together (a browser brings back its tabs) the second has to see the first. */
export async function whileStarting<T>(host: Bridge['host'], act: (window: DraftWindow) => Promise<T>): Promise<T> {
  if (host === 'desktop') return act({ window: null, present: [] })
  const own = ownName()
  return navigator.locks.request('cutoff.start', async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return act({ window: own, present: [...held, ...pending].flatMap(({ name }) => nameOf(name)) })
  })
}

let name: string | null = null

/** The name of this window, the same after a reload. A lock that bears it tells the others that this window is there, and ends with it, however it ends. */
function ownName(): string {
  if (name !== null) return name
  const own = recalled() ?? crypto.randomUUID()
  name = own
  void navigator.locks.request(lockOf(own), () => new Promise(() => undefined))
  // Kept only while the page is away: a browser that duplicates a window copies this storage, and two windows would share a name.
  window.addEventListener('pagehide', () => remember(own))
  window.addEventListener('pageshow', () => remember(null))
  return own
}

function recalled(): string | null {
  try {
    const found = sessionStorage.getItem(storageKey)
    remember(null)
    return found
  } catch {
    return null
  }
}

function remember(value: string | null): void {
  try {
    if (value === null) sessionStorage.removeItem(storageKey)
    else sessionStorage.setItem(storageKey, value)
  } catch {
    // Without this storage a reload is a new window, which takes over what the old one left.
  }
}
