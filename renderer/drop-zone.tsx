import { useEffect, useState } from 'react'
import { sendFiles } from './state/diagnose-send.ts'
import { takeFiles } from './state/files.ts'
import { complain, complainAndGoWithout } from './state/undo.ts'
import { useView } from './state/view.ts'
import { droppedFiles } from './ui/dropped-files.ts'
import { readFiles } from './ui/pick-file.ts'

/** Files dropped anywhere on the window: a script opens, JSON becomes the input; while diagnosing, everything goes on the desk. */
export function DropZone() {
  const [over, setOver] = useState(false)
  const diagnosing = useView((view) => view.pane === 'diagnose')
  useEffect(() => {
    // The desktop's preload learns the paths of a drop; this tells it where the drop goes.
    document.documentElement.dataset['drop'] = diagnosing ? 'desk' : 'run'
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onOver = (event: DragEvent) => { if (hasFiles(event)) { event.preventDefault(); setOver(true) } }
    const onLeave = (event: DragEvent) => { if (event.relatedTarget === null) setOver(false) }
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(false)
      if (diagnosing) {
        if (event.dataTransfer) void droppedFiles(event.dataTransfer).then((files) => sendFiles(files))
        return
      }
      void readFiles([...(event.dataTransfer?.files ?? [])]).then((files) => {
        const refused = takeFiles(files)
        if (refused.length > 0) complain(`${refused.join(', ')}: neither a script (.py) nor an input (.json)`)
      }, complainAndGoWithout)
    }
    window.addEventListener('dragover', onOver)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('drop', onDrop)
    return () => { window.removeEventListener('dragover', onOver); window.removeEventListener('dragleave', onLeave); window.removeEventListener('drop', onDrop) }
  }, [diagnosing])
  return over ? <div className="drop-zone"><p>{diagnosing ? 'Drop configurations, logs and observations: files or folders' : 'Drop a script (.py) or an input (.json)'}</p></div> : null
}
