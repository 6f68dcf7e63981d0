import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runDiagnose } from '../../electron/diagnose/run-diagnose.ts'
import type { Diagnosis } from '../../shared/diagnose/diagnosis.ts'

/** Files as a user would give them, and what they tell. */
export interface ToldCase {
  title: string
  /** Name and text; a name ending in `.saw` is given with --saw. */
  files: Record<string, string>
  cause: string
  product?: string | null
  directive?: string | null
  limitMs?: number
  /** For what the files cannot decide: causes that must be among the candidates; the verdict stays below 0.9. */
  candidates?: string[]
  around?: string
  request?: string
}

/** Asks the front door. */
export async function diagnoseTold(told: ToldCase): Promise<Diagnosis> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-told-'))
  try {
    const saw: string[] = []
    const texts: { file: string; text: string }[] = []
    for (const [file, text] of Object.entries(told.files)) {
      if (!file.endsWith('.saw')) { texts.push({ file, text }); continue }
      saw.push(join(folder, file))
      await writeFile(join(folder, file), text)
    }
    return await runDiagnose({ paths: [], texts, saw, aroundMs: told.around ? Date.parse(told.around) : null, request: told.request ?? null })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What is wrong with the answer, in words; null when it is right. */
export function complaintAbout(told: ToldCase, { verdict }: Diagnosis): string | null {
  const said = `${verdict.cause} ${verdict.confidence}, ${verdict.product}, ${verdict.directive}, ${verdict.limitMs}, candidates ${verdict.candidates.join(' ')}`
  if (told.candidates) {
    const missing = told.candidates.filter((cause) => !verdict.candidates.includes(cause as never))
    if (missing.length > 0) return `${missing.join(' ')} is not among the candidates: ${said}`
    if (verdict.confidence >= 0.9 && verdict.cause !== told.cause) return `sure and wrong: ${said}`
    return told.cause === 'unknown' || verdict.cause === told.cause || verdict.cause === 'unknown' ? null : `not ${told.cause}: ${said}`
  }
  if (verdict.cause !== told.cause) return `not ${told.cause}: ${said}`
  if (told.product !== undefined && verdict.product !== told.product) return `not ${told.product}: ${said}`
  if (told.directive !== undefined && verdict.directive !== told.directive) return `not ${told.directive}: ${said}`
  if (told.limitMs !== undefined && verdict.limitMs !== told.limitMs) return `not ${told.limitMs} ms: ${said}`
  return null
}
