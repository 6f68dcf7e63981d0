import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiagnosisNote } from '../../shared/diagnose/diagnosis.ts'

/** A file to read; `name` is what findings call it. */
export interface FoundFile { path: string; name: string; bytes: number }

const mostFiles = 2000
const deepest = 12
/** Folders of tools, never of evidence. */
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', '__pycache__', '.venv', 'venv'])

/** Files named, and those in folders named, in the order of their names. What cannot be read becomes a note. */
export async function findFiles(paths: readonly string[]): Promise<{ files: FoundFile[]; notes: DiagnosisNote[] }> {
  const files: FoundFile[] = []
  const notes: DiagnosisNote[] = []
  const visit = async (path: string, name: string, depth: number): Promise<void> => {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => error)
    if (found instanceof Error) { notes.push({ file: name, line: null, text: `cannot be read: ${found.message}` }); return }
    if (found.isFile()) {
      if (files.length < mostFiles) files.push({ path, name, bytes: found.size })
      else if (files.length === mostFiles) notes.push({ file: name, line: null, text: `only the first ${mostFiles} files were read` })
      return
    }
    if (!found.isDirectory()) { notes.push({ file: name, line: null, text: 'is neither a file nor a folder' }); return }
    if (depth >= deepest) { notes.push({ file: name, line: null, text: `folders are followed ${deepest} deep` }); return }
    const entries = await readdir(path).catch(() => [])
    for (const entry of entries.toSorted()) if (!skipped.has(entry)) await visit(join(path, entry), join(name, entry), depth + 1)
  }
  for (const path of paths) await visit(path, path, 0)
  return { files, notes }
}
