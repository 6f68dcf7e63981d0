import { useState } from 'react'

/** A value that is typed: `take` answers with what is wrong with it, or null. */
export interface OtherChoice { label: string; placeholder: string; take: (text: string) => string | null }

/** Enter takes what was typed; a mistake is told under it. `onDone` hears of a value that was taken, and of Esc. */
export function TextChoice({ other: { label, placeholder, take }, onDone = () => {} }: { other: OtherChoice; onDone?: (taken: boolean) => void }) {
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  return (
    <div className="text-choice">
      <label className="find"><span className="sr-only">{label}</span>
        <input value={text} placeholder={placeholder} aria-invalid={problem !== null} spellCheck={false} autoComplete="off" onChange={(event) => { setText(event.currentTarget.value); setProblem(null) }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') { onDone(false); return }
            event.stopPropagation()
            if (event.key !== 'Enter' || text.trim() === '') return
            const wrong = take(text.trim())
            setProblem(wrong)
            if (wrong === null) { setText(''); onDone(true) }
          }} />
      </label>
      {problem ? <p className="is-cut" role="alert">{problem}</p> : null}
    </div>
  )
}
