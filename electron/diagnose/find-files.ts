import { readdir, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import type { DiagnosisNote } from '../../shared/diagnose/diagnosis.ts'

export interface FoundFile { path: string; /** As it is named in the diagnosis: relative to what was asked for. */ name: string; bytes: number; modifiedMs: number }

const mostFiles = 2000
const deepest = 12
/** Folders that hold no configuration or log of the user's own. */
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', '__pycache__', '.venv', 'venv', '.tox', '.mypy_cache', '.cache'])

/** Every file under these paths, folders opened up, in the order of their names. Rejects with ENOENT and the like for a path that is not there. */
export async function findFiles(paths: readonly string[], notes: DiagnosisNote[]): Promise<FoundFile[]> {
  const files: FoundFile[] = []
  for (const path of paths) {
    const found = await stat(path)
    if (found.isDirectory()) await walk(resolve(path), resolve(path), 0, files, notes)
    else if (found.isFile() || found.isFIFO()) files.push({ path, name: path, bytes: found.size, modifiedMs: found.mtimeMs })
    else notes.push({ file: path, line: null, text: 'neither a file nor a folder: left out' })
  }
  if (files.length >= mostFiles) notes.push({ file: paths.join(', '), line: null, text: `more than ${mostFiles} files: the rest was left out` })
  return files
}

async function walk(folder: string, root: string, depth: number, files: FoundFile[], notes: DiagnosisNote[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    notes.push({ file: relative(root, folder) || folder, line: null, text: `cannot be opened (${error.code ?? error.message})` })
    return []
  })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (files.length >= mostFiles) return
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (depth < deepest && !skipped.has(entry.name)) await walk(path, root, depth + 1, files, notes)
    } else if (entry.isFile()) {
      const found = await stat(path).catch(() => null)
      if (found) files.push({ path, name: relative(root, path).split(sep).join('/'), bytes: found.size, modifiedMs: found.mtimeMs })
    }
  }
}
