import { useState } from 'react'
import { addPath, followPath, openForm } from '../../state/diagnose.ts'

/** A file or folder by its path on this machine: read once, or followed while it grows. */
export function PathForm() {
  const [path, setPath] = useState('')
  const [fromEnd, setFromEnd] = useState(false)
  const done = (worked: boolean) => { if (worked) { setPath(''); openForm(null) } }
  const trimmed = path.trim()
  return (
    <form className="dg-form" aria-label="Path or live log" onSubmit={(event) => { event.preventDefault(); void followPath(trimmed, fromEnd ? 'end' : 'start').then(done) }}>
      <label><span>Path</span><input className="dg-field mono" value={path} placeholder="/var/log/nginx/error.log" autoComplete="off" spellCheck={false} onChange={(event) => setPath(event.currentTarget.value)} /></label>
      <label className="switch"><input type="checkbox" checked={fromEnd} onChange={(event) => setFromEnd(event.currentTarget.checked)} />only what is written from now on</label>
      <div className="row">
        <button type="submit" className="btn btn-sm" disabled={trimmed === ''}>Follow live</button>
        <button type="button" className="btn btn-sm" disabled={trimmed === ''} onClick={() => void addPath(trimmed, 'source').then(done)}>Read once</button>
        <span className="dim">a folder can be read once</span>
      </div>
    </form>
  )
}
