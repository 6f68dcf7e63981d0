const focusable = 'button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), a[href], [tabindex]:not([tabindex="-1"]), [contenteditable="true"]'

const regions = 'section[aria-label], [role="region"], [role="tabpanel"]'

/** Where the focus was: everything around it, from the inside out, each with its number among what can take the focus in there. */
type Place = { around: Element; index: number }[]

/**
 * Keeps the keyboard where it was when what had the focus goes away or is disabled: a row that was removed, a button that starts what
 * it then waits for, a pane that makes room for another. The nearest neighbour that is still there, or what came in its place, takes the focus; a browser would begin at
 * the top of the page again. What lies outside of the page's own regions (menus, dialogs) gives its focus back itself.
 */
export function keepFocus(root: HTMLElement): void {
  let last: HTMLElement | null = null
  let place: Place = []
  root.addEventListener('focusin', ({ target }) => {
    last = target as HTMLElement
    place = placeOf(last, root)
  })
  // The focus may be given up on purpose: nothing is missing then. Browsers say the same just before they take an element away.
  root.addEventListener('focusout', ({ target, relatedTarget }) => {
    if (relatedTarget === null) queueMicrotask(() => { if (last && last === target && last.isConnected && !isDisabled(last)) last = null })
  })
  new MutationObserver(() => {
    if (!last || (last.isConnected && !isDisabled(last))) return
    const gone = last
    const isHere = () => document.activeElement === null || document.activeElement === document.body || document.activeElement === gone
    if (!isHere()) { last = null; return }
    last = null
    // Whoever took it away may give the focus to something better.
    requestAnimationFrame(() => { if (isHere()) neighbourOf(place, root)?.focus({ preventScroll: true }) })
  }).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
}

function placeOf(element: HTMLElement, root: HTMLElement): Place {
  const place: Place = []
  for (let around = element.parentElement; around && around !== root; around = around.parentElement) place.push({ around, index: [...around.querySelectorAll(focusable)].indexOf(element) })
  return place
}

function neighbourOf(place: Place, root: HTMLElement): HTMLElement | null {
  for (const { around, index } of place) {
    const here = around.isConnected ? around : successorOf(around, root)
    if (!here) continue
    const near = [...here.querySelectorAll<HTMLElement>(focusable)].filter((element) => element.checkVisibility())
    const next = near[index] ?? near.at(-1)
    if (next) return next
    // Nothing to press in there just now: the region itself, so that the next Tab goes on from it.
    if (here instanceof HTMLElement && here.matches(regions)) { here.tabIndex = -1; return here }
  }
  return null
}

/** A region that was drawn anew goes by its name. */
function successorOf(around: Element, root: HTMLElement): Element | null {
  const name = around.matches(regions) ? around.getAttribute('aria-label') : null
  return name === null ? null : root.querySelector(`${around.localName}[aria-label="${CSS.escape(name)}"]`)
}

function isDisabled(element: HTMLElement): boolean {
  return element.matches(':disabled')
}
