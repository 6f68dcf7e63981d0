/** Frames stop in a page that nobody looks at; what waits for one goes on after this long (ms). */
const unseenMs = 250

/** Does something once the next frame is on the screen: what is drawn first should not wait for what comes later. Returns the way to call it off. */
export function afterPaint(act: () => void): () => void {
  let soon: ReturnType<typeof setTimeout> | undefined
  const late = setTimeout(() => { cancelAnimationFrame(frame); act() }, unseenMs)
  const frame = requestAnimationFrame(() => {
    clearTimeout(late)
    soon = setTimeout(act)
  })
  return () => {
    clearTimeout(late)
    clearTimeout(soon)
    cancelAnimationFrame(frame)
  }
}
