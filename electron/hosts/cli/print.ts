/** On a terminal only, on one line that is wiped at the end. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

/** Waits until a pipe has taken all of it: a large record must not be cut by our own exit. */
export async function print(text: string): Promise<void> {
  await new Promise<void>((resolve) => { process.stdout.write(text, () => resolve()) })
}

/** Says on stderr that runs did not come into the history and why: once for each reason. */
export function tellNotKept(): (problem: string) => void {
  const told = new Set<string>()
  return (problem) => {
    if (!told.has(problem)) process.stderr.write(`note: this run was ${problem}\n`)
    told.add(problem)
  }
}

/**
 * Who reads a pipe of ours may leave (`| head`): the rest is not wanted then, which is no fault, and what is under way goes on to its
 * end. A result that cannot be written for another reason, such as a full disk behind `>`, is told by `onLost`.
 */
export function outliveReaders(onLost: (error: NodeJS.ErrnoException) => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') onLost(error) })
  process.stderr.on('error', () => undefined)
}
