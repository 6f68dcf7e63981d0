/** Lets the user choose files; resolves with none when the choice is cancelled. */
export function pickFiles(accept: string, multiple = false): Promise<{ name: string; text: string }[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accept
    input.multiple = multiple
    input.addEventListener('cancel', () => resolve([]))
    input.addEventListener('change', () => { void readFiles([...(input.files ?? [])]).then(resolve) })
    input.click()
  })
}

/** Reads files as UTF-8 text. */
export function readFiles(files: readonly File[]): Promise<{ name: string; text: string }[]> {
  return Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })))
}
