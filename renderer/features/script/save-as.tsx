import { Popover } from '@mantine/core'
import { useEffect, useState } from 'react'
import { askWhereToSave, downloadScript, saveScriptAs, setSaveAs, useSaveAs } from '../../state/files.ts'
import type { ScriptTab } from '../../state/plan.ts'
import { Icon } from '../../ui/icon.tsx'
import { keyNames } from '../../ui/keys.tsx'

/** Gives the script a file: a path on this machine, or a copy as a download. A file that is there is replaced only when asked twice. */
export function SaveAs({ tab }: { tab: ScriptTab }) {
  const open = useSaveAs((state) => state.open)
  return (
    <Popover opened={open} onChange={setSaveAs} position="bottom-end" offset={4} width={330} trapFocus returnFocus transitionProps={{ duration: 0 }} classNames={{ dropdown: 'pop' }}>
      <Popover.Target><button type="button" className="btn btn-ghost tab-new" aria-label="Save as" title={tab.path === null ? `Save as (${keyNames('Mod+S').join('+')})` : 'Save as'} onClick={() => { if (open) setSaveAs(false); else askWhereToSave() }}><Icon name="save" small /></button></Popover.Target>
      <Popover.Dropdown aria-label="Save as">{open ? <SaveAsForm tab={tab} /> : null}</Popover.Dropdown>
    </Popover>
  )
}

function SaveAsForm({ tab }: { tab: ScriptTab }) {
  const [path, setPath] = useState(tab.path ?? '')
  const [answer, setAnswer] = useState<{ problem: string; exists: boolean } | null>(null)
  useEffect(() => setAnswer(null), [path])
  async function save(replace: boolean) {
    const result = await saveScriptAs(path.trim(), replace)
    if (result === null) setSaveAs(false)
    else setAnswer(result)
  }
  return (
    <form className="panel" onSubmit={(event) => { event.preventDefault(); if (path.trim() !== '') void save(false) }}>
      <label className="panel-field">File<span className="find"><input data-autofocus value={path} placeholder={`/path/to/${tab.name}`} aria-label="Path of the file" aria-invalid={answer !== null} spellCheck={false} autoComplete="off" onChange={(event) => setPath(event.currentTarget.value)} /></span></label>
      {answer ? <p className={answer.exists ? 'is-warn' : 'is-cut'} role="alert">{answer.problem}</p> : null}
      <div className="row panel-actions">
        {answer?.exists ? <button type="button" className="btn btn-sm" onClick={() => void save(true)}>Replace it</button> : <button type="submit" className="btn btn-sm" disabled={path.trim() === ''}>Save</button>}
        <button type="button" className="btn btn-sm btn-ghost" onClick={() => { downloadScript(); setSaveAs(false) }}><Icon name="download" small />Download a copy</button>
      </div>
    </form>
  )
}
