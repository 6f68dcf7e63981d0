import { useAnnouncer } from '../state/announcer.ts'

/** What a screen reader hears. Two places in turn, so that the same words are spoken again. */
export function LiveRegion() {
  const { text, count } = useAnnouncer()
  return (
    <>
      <div className="sr-only" role="status">{count % 2 === 0 ? text : ''}</div>
      <div className="sr-only" role="status">{count % 2 === 1 ? text : ''}</div>
    </>
  )
}
