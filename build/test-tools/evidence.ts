import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runDiagnose } from '../../electron/diagnose/run-diagnose.ts'
import type { Diagnosis } from '../../shared/diagnose/diagnosis.ts'

/** The cases that the tests use. */
export const evidenceFolder = join(import.meta.dirname, '../../test/fixtures/evidence')

/** One measured picture of a real server, client or process, and the true cause of it. */
export interface EvidenceCase {
  id: string
  /** The folder of all cases. */
  root: string
  observed: Record<string, unknown>
  cause: string
  alsoRight: string[]
  product: string
  directive: string
  limitMs: number | null
  decidedBy: string
  logsSuffice: boolean
  /** What nobody could exclude from the observer's view alone. */
  candidates: string[]
}

interface Label { id: string; cause: string; also_accept: string[]; product: string; directive: string; limit_ms: number | null; decided_by: string; log_cause_possible: boolean; client_candidates: string[]; process_candidates?: string[] }

/** Every measured case of a folder in the format of test/fixtures/evidence (its README), in the order of the file. Throws where a label is missing. */
export function evidenceCases(root = evidenceFolder): EvidenceCase[] {
  const entries = JSON.parse(readFileSync(join(root, 'fingerprints.json'), 'utf8')) as { id: string; measured: boolean; observed: Record<string, unknown> }[]
  const labels = new Map((JSON.parse(readFileSync(join(root, 'labels.json'), 'utf8')) as Label[]).map((label) => [label.id, label]))
  return entries.filter((entry) => entry.measured).map((entry) => {
    const label = labels.get(entry.id)
    if (!label) throw new Error(`no label for ${entry.id}`)
    return {
      id: entry.id, root, observed: entry.observed, cause: label.cause, alsoRight: label.also_accept, product: label.product, directive: label.directive, limitMs: label.limit_ms, decidedBy: label.decided_by,
      logsSuffice: label.log_cause_possible, candidates: label.process_candidates ?? label.client_candidates,
    }
  })
}

/** What a diagnosis is given of a case. */
export interface Given { logs: boolean; configs: boolean; view: boolean }

/** Diagnoses one case through the front door, with real files. The observer's view is given without what it carries of logs and next hops. */
export async function diagnoseCase(one: EvidenceCase, given: Given): Promise<Diagnosis> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-evidence-'))
  try {
    const saw = join(folder, 'observation.json')
    const { log_lines: _lines, upstream_view: _view, ...bare } = one.observed
    await writeFile(saw, JSON.stringify(bare))
    const paths = [given.logs ? join(one.root, 'logs', one.id) : null, given.configs ? join(one.root, 'configs', one.id) : null].filter((path) => path !== null).filter((path) => existsSync(path))
    return await runDiagnose({ paths, saw: given.view ? [saw] : [] })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function isRight(one: EvidenceCase, cause: string): boolean {
  return cause === one.cause || one.alsoRight.includes(cause)
}
