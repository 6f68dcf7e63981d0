import { useRun } from '../../state/run.ts'
import { Icon } from '../../ui/icon.tsx'

/** Why the last run was refused before it began, and what to do. */
export function StartProblem() {
  const error = useRun((state) => state.startError)
  if (!error) return null
  return (
    <div className="notice notice-problem" role="alert">
      <Icon name="warning" /><p><b>The run did not start.</b> {error.message}{error.hint ? ` ${error.hint}` : ''}{error.where ? <span className="dim"> ({error.where})</span> : null}</p>
      <button type="button" className="btn btn-sm btn-ghost" aria-label="Dismiss" onClick={() => useRun.setState({ startError: null })}><Icon name="close" small /></button>
    </div>
  )
}
