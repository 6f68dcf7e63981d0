import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { runDiagnose } from '../../../../electron/diagnose/run-diagnose.ts'
import type { Diagnosis } from '../../../../shared/diagnose/diagnosis.ts'

export const largeBytes = 50 * 1024 ** 2
/** Wall time after which a test is given up, on a machine that others use as well; what is judged is processor time. */
export const patienceMs = 300_000

/** What a file of 50 MB may look like that begins as a product's own does. */
export const largeShapes: Record<string, (text: string) => string> = {
  'its own text again and again': (text) => text.repeat(Math.ceil(largeBytes / text.length)).slice(0, largeBytes),
  // The long line fits into what is read of the shortest configurations: behind it their brackets are met as well.
  'a long line of it, then an enormous one of brackets that open': (text) => `${text}${text.replaceAll('\n', ' ').repeat(Math.ceil(400_000 / text.length))}\n${'{"a":['.repeat(Math.ceil(largeBytes / 6))}\n`,
}

/** A diagnosis, the processor time it took (ms) and the memory it added (bytes). */
export interface LargeAnswer { diagnosis: Diagnosis; cpuMs: number; bytes: number }

/** Puts a file down and asks the front door about it. */
export async function diagnoseLarge(file: string, text: string): Promise<LargeAnswer> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-large-'))
  try {
    const path = join(folder, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    const bytesBefore = process.memoryUsage().rss
    const before = process.cpuUsage()
    const diagnosis = await runDiagnose({ paths: [path] })
    const { user, system } = process.cpuUsage(before)
    return { diagnosis, cpuMs: (user + system) / 1000, bytes: process.memoryUsage().rss - bytesBefore }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
