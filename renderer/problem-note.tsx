import { closeProblem, useUndo } from './state/undo.ts'
import { Icon } from './ui/icon.tsx'

/** What did not work, over the foot of the screen until it is closed. */
export function ProblemNote() {
  const problem = useUndo((state) => state.problem)
  if (problem === null) return null
  return (
    <div className="problem-note notice notice-problem" role="alert">
      <Icon name="warning" /><p>{problem}</p>
      <button type="button" className="btn btn-sm btn-ghost" aria-label="Close the message" onClick={closeProblem}><Icon name="close" small /></button>
    </div>
  )
}
