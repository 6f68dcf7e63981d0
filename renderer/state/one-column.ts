/** A small window, or enlarged text, has everything in one column that is scrolled (`styles/layout.css`). */
const oneColumn = '(max-width: 840px)'

/** Scrolls to what was asked for where it may be out of sight; where everything stands side by side nothing moves. */
export function bringInSight(selector: '.main' | '.log-pane'): void {
  if (window.matchMedia(oneColumn).matches) document.querySelector(selector)?.scrollIntoView()
}
