import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { app } from 'electron'

const most = 10

/** Files opened lately, newest first. The system keeps its own list too (dock, taskbar); ours is for the menu. */
export interface RecentFiles {
  list(): readonly string[]
  add(path: string): void
  clear(): void
}

export function createRecentFiles(file: string, onChange: () => void): RecentFiles {
  let paths = parseRecent(readText(file))
  const keep = (next: string[]) => {
    paths = next
    // A list that cannot be kept is not worth an error.
    void writeFile(file, JSON.stringify(paths)).catch(() => undefined)
    onChange()
  }
  return {
    list: () => paths,
    add(path) {
      app.addRecentDocument(path)
      keep([path, ...paths.filter((other) => other !== path)].slice(0, most))
    },
    clear() {
      app.clearRecentDocuments()
      keep([])
    },
  }
}

export function parseRecent(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.filter((path) => typeof path === 'string').slice(0, most) : []
  } catch {
    return []
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
