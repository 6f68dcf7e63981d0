import { runOrStop } from '../../state/actions.ts'
import { useEngine } from '../../state/engine.ts'
import { isLive, useRun } from '../../state/run.ts'
import { Icon } from '../../ui/icon.tsx'
import { ariaKeys, Keys } from '../../ui/keys.tsx'

/** The only solid button. While a run goes on it is Stop, in the same place. */
export function RunButton() {
  const live = useRun(isLive)
  const stopping = useRun((state) => state.stopping)
  const ready = useEngine((state) => state.phase === 'ready')
  if (live) return <button type="button" className="btn btn-stop" aria-keyshortcuts={`Escape ${ariaKeys('Mod+.')}`} disabled={stopping} onClick={() => void runOrStop()}><Icon name="stop" />{stopping ? 'Stopping' : 'Stop'} <Keys keys="Esc" /></button>
  return <button type="button" className="btn btn-primary" aria-keyshortcuts={ariaKeys('Mod+Enter')} disabled={!ready} onClick={() => void runOrStop()}><Icon name="play" />Run <Keys keys="Mod+Enter" /></button>
}
