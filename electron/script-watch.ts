import { watch, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'
import { readScriptFile } from './script-files.ts'

/** Editors write in several steps (a temporary file, a rename): the text is read this long after the last one (ms). */
const quietMs = 80

/**
 * Tells when a script was written by somebody else, or is no longer there (null). The folder is watched, not the file: most editors replace the file, and a
 * watch on the old one would hear nothing more.
 */
export function createScriptWatch(changed: (path: string, text: string | null) => void) {
  const watched = new Map<string, { watcher: FSWatcher | null; timer: NodeJS.Timeout | null; text: string | null | undefined }>()

  async function look(path: string): Promise<void> {
    const entry = watched.get(path)
    const text = await readScriptFile(path).then((script) => script.text, (error: { code?: string }) => (error.code === 'script_not_found' ? null : undefined))
    // What cannot be read as a script says nothing about the one in the editor.
    if (!entry || text === undefined || watched.get(path) !== entry) return
    const before = entry.text
    entry.text = text
    if (before !== undefined && before !== text) changed(path, text)
  }
  function start(path: string): void {
    const entry = { watcher: null as FSWatcher | null, timer: null as NodeJS.Timeout | null, text: undefined as string | null | undefined }
    watched.set(path, entry)
    void look(path)
    try {
      entry.watcher = watch(dirname(path), (_, name) => {
        if (name !== null && name !== basename(path)) return
        if (entry.timer) clearTimeout(entry.timer)
        entry.timer = setTimeout(() => void look(path), quietMs)
      })
      // A folder that goes away ends the watch; the script in the editor stays.
      entry.watcher.on('error', () => entry.watcher?.close())
      entry.watcher.unref()
    } catch {
      // Not watchable (gone, or no more watches to be had): the script can be used all the same.
    }
  }
  function stop(path: string): void {
    const entry = watched.get(path)
    watched.delete(path)
    entry?.watcher?.close()
    if (entry?.timer) clearTimeout(entry.timer)
  }
  return {
    /** Watches exactly these. */
    only(paths: readonly string[]): void {
      for (const path of watched.keys()) if (!paths.includes(path)) stop(path)
      for (const path of paths) if (!watched.has(path)) start(path)
    },
    close(): void { for (const path of [...watched.keys()]) stop(path) },
  }
}
