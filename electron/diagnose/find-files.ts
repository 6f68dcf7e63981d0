import { lstat, readdir, realpath, stat } from 'node:fs/promises'
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
  return withoutTwice(files)
}

/** A file that a link leads to as well is read once, by the link's name: a site is in force because it is in sites-enabled. */
async function withoutTwice(files: readonly FoundFile[]): Promise<FoundFile[]> {
  const targets = await Promise.all(files.map(async (file) => ({ file, real: await realpath(file.path).catch(() => file.path), isLink: await lstat(file.path).then((found) => found.isSymbolicLink(), () => false) })))
  const linked = new Set(targets.filter(({ isLink }) => isLink).map(({ real }) => real))
  const seen = new Set<string>()
  return targets.flatMap(({ file, real, isLink }) => {
    if ((!isLink && linked.has(real)) || seen.has(real)) return []
    seen.add(real)
    return [file]
  })
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
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      // `sites-enabled/default` and the logs of containers are links to files; a link to a folder may lead in circles.
      const found = await stat(path).catch(() => null)
      if (found === null) notes.push({ file: relative(root, path).split(sep).join('/'), line: null, text: entry.isSymbolicLink() ? 'a link that leads nowhere' : 'cannot be read' })
      else if (found.isFile()) files.push({ path, name: relative(root, path).split(sep).join('/'), bytes: found.size, modifiedMs: found.mtimeMs })
    }
  }
}
