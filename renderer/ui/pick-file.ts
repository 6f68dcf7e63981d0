/** More than any script, input, profile or saved run has. */
const mostBytes = 256 * 1024 ** 2

/** Lets the user choose files; resolves with none when the choice is cancelled, rejects with a sentence where one cannot be read as text. */
export function pickFiles(accept: string, multiple = false): Promise<{ name: string; text: string }[]> {
  return new Promise((resolve, reject) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accept
    input.multiple = multiple
    input.addEventListener('cancel', () => resolve([]))
    input.addEventListener('change', () => { void readFiles([...(input.files ?? [])]).then(resolve, reject) })
    input.click()
  })
}

/** Reads files as UTF-8 text. Rejects with a sentence that names the first that is none: read all the same it would come back damaged. */
export function readFiles(files: readonly File[]): Promise<{ name: string; text: string }[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, text: await textOf(file) })))
}

async function textOf(file: File): Promise<string> {
  if (file.size > mostBytes) throw new Error(`${file.name} is too large to be opened: ${Math.round(file.size / 1024 ** 2)} MB.`)
  const bytes = await file.arrayBuffer().catch((error: Error) => { throw new Error(`${file.name} cannot be read: ${error.message}`) })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Error(`${file.name} is not text in UTF-8. Convert it first.`)
  }
}
