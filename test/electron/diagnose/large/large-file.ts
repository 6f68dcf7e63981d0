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
  'one enormous line of it': (text) => `${text}${text.replaceAll('\n', ' ').repeat(Math.ceil(largeBytes / text.length)).slice(0, largeBytes)}\n`,
  'brackets that open all the way': (text) => `${text}${'{"a":['.repeat(largeBytes / 6)}\n`,
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
