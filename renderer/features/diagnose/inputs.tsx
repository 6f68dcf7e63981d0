import { useEffect } from 'react'
import { openDesk } from '../../state/diagnose.ts'

/** What is on the diagnosis desk. */
export function Inputs() {
  useEffect(openDesk, [])
  return <section className="desk" aria-label="Diagnose"><div className="head"><h2>Diagnose</h2></div></section>
}
