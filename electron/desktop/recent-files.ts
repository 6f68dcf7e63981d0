import { readFileSync, writeFileSync } from 'node:fs'
import { app } from 'electron'
import { parseRecent, withRecent } from './recent-list.ts'

/** Files opened lately, newest first. The system keeps its own list too (dock, taskbar); ours is for the menu. */
export interface RecentFiles {
  list(): readonly string[]
  add(path: string): void
  remove(path: string): void
  clear(): void
}

export function createRecentFiles(file: string, onChange: () => void): RecentFiles {
  let paths = parseRecent(readText(file))
  const keep = (next: string[]) => {
    paths = next
    try {
      // At once: the app may end with the next event.
      writeFileSync(file, JSON.stringify(paths))
    } catch {
      // A list that cannot be kept is not worth an error.
    }
    onChange()
  }
  return {
    list: () => paths,
    add(path) {
      app.addRecentDocument(path)
      keep(withRecent(paths, path))
    },
    remove(path) { if (paths.includes(path)) keep(paths.filter((other) => other !== path)) },
    clear() {
      app.clearRecentDocuments()
      keep([])
    },
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
