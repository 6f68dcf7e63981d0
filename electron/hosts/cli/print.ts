/** On a terminal only, on one line that is wiped at the end. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

/** Waits until a pipe has taken all of it: a large record must not be cut by our own exit. */
export async function print(text: string): Promise<void> {
  await new Promise<void>((resolve) => { process.stdout.write(text, () => resolve()) })
}
