/** A file with the name it goes by: for one out of a folder its path below that folder. */
export interface NamedFile { name: string; file: File }

/** Files of one drop: beyond this the rest is left out. */
const mostFiles = 500
const skipped = new Set(['node_modules', '.git', '__pycache__', '.venv', 'venv'])

/** The files of a drop, folders opened up. Must be called while the drop is handled; the browser forgets its content afterwards. */
export function droppedFiles(transfer: DataTransfer): Promise<NamedFile[]> {
  const entries = [...transfer.items].filter((item) => item.kind === 'file').map((item) => item.webkitGetAsEntry())
  const plain = [...transfer.files]
  if (entries.some((entry) => entry === null)) return Promise.resolve(plain.map((file) => ({ name: file.name, file })))
  return walk(entries.filter((entry) => entry !== null), '')
}

async function walk(entries: readonly FileSystemEntry[], folder: string): Promise<NamedFile[]> {
  const files: NamedFile[] = []
  for (const entry of entries) {
    if (files.length >= mostFiles) break
    if (entry.isFile) files.push({ name: `${folder}${entry.name}`, file: await new Promise<File>((resolve, reject) => { (entry as FileSystemFileEntry).file(resolve, reject) }) })
    else if (!skipped.has(entry.name)) files.push(...await walk(await childrenOf(entry as FileSystemDirectoryEntry), `${folder}${entry.name}/`))
  }
  return files.slice(0, mostFiles)
}

/** A reader gives its entries in portions until there are none. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => { reader.readEntries(resolve, reject) })
    if (portion.length === 0 || all.length >= mostFiles) return all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    all.push(...portion)
  }
}

/** Lets the user choose files, or a whole folder; resolves with none when the choice is cancelled. */
export function chooseFiles(folder: boolean): Promise<NamedFile[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    input.webkitdirectory = folder
    input.addEventListener('cancel', () => resolve([]))
    input.addEventListener('change', () => resolve([...(input.files ?? [])].slice(0, mostFiles).map((file) => ({ name: file.webkitRelativePath || file.name, file }))))
    input.click()
  })
}
