import { closeProblem, useUndo } from './state/undo.ts'
import { Icon } from './ui/icon.tsx'

/** What did not work, over the foot of the screen, each until it is closed. */
export function ProblemNotes() {
  const problems = useUndo((state) => state.problems)
  if (problems.length === 0) return null
  return (
    <div className="problem-notes">
      {problems.map((problem) => (
        <div key={problem} className="problem-note notice notice-problem" role="alert">
          <Icon name="warning" /><p>{problem}</p>
          <button type="button" className="btn btn-sm btn-ghost" aria-label="Close the message" onClick={() => closeProblem(problem)}><Icon name="close" small /></button>
        </div>
      ))}
    </div>
  )
}
