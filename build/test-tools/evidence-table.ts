import { resolve } from 'node:path'
import { layerOfCause } from '../../shared/verdict/causes.ts'
import { diagnoseCase, evidenceCases, evidenceFolder, isRight, type EvidenceCase, type Given } from './evidence.ts'

/** One question put to many cases. */
export interface EvidenceRow { question: string; cases: number; right: number; unknown: number; wrong: number; details: string[] }

export interface EvidenceTable {
  /** Whether cause, product, directive are right, and whether the true cause is a candidate. */
  rows: EvidenceRow[]
  /** The first question, cause by cause. */
  byCause: EvidenceRow[]
  /** Mean number of candidates from the view alone: ours, and of the labels. */
  meanCandidates: number
  meanOfLabels: number
  /** Verdicts of at least 0.9 that were wrong, over everything that was asked. */
  confidentAndWrong: string[]
}

export const questions = {
  cause: 'cause, with logs, configurations and the view', causeWithoutConfigs: 'cause, with logs and the view', causeWithoutView: 'cause, with logs and configurations', product: 'product, with logs, configurations and the view', directive: 'directive, with logs, configurations and the view',
  config: 'cause, where only configuration and time name it', candidates: 'true cause among the candidates, from the view alone',
} as const

/** Asks every question about every case of a folder. */
export async function measureEvidence(folder = evidenceFolder): Promise<EvidenceTable> {
  const rows = new Map<string, EvidenceRow>()
  const byCause = new Map<string, EvidenceRow>()
  const confidentAndWrong: string[] = []
  const sizes = { ours: 0, labels: 0, cases: 0 }
  const all: Given = { logs: true, configs: true, view: true }
  const ask = async (question: string, one: EvidenceCase, given: Given, into = [rows]) => {
    const { verdict } = await diagnoseCase(one, given)
    const right = isRight(one, verdict.cause)
    for (const table of into) count(table, table === rows ? question : one.cause, right ? 'right' : verdict.cause === 'unknown' ? 'unknown' : 'wrong', `${one.id}: ${verdict.cause} ${verdict.confidence}, truly ${one.cause}`)
    if (verdict.confidence >= 0.9 && !right) confidentAndWrong.push(`${one.id} (${question}): ${verdict.cause} ${verdict.confidence}, truly ${one.cause}`)
    return verdict
  }
  for (const one of evidenceCases(folder)) {
    if (one.logsSuffice) {
      const verdict = await ask(questions.cause, one, all, [rows, byCause])
      count(rows, questions.product, verdict.product === null ? 'unknown' : names(one, verdict.product) ? 'right' : 'wrong', `${one.id}: ${verdict.product}, truly ${one.product}`)
      if (namesSetting(one)) count(rows, questions.directive, verdict.directive === null ? 'unknown' : names(one, verdict.directive) ? 'right' : 'wrong', `${one.id}: ${verdict.directive}, truly ${one.directive}`)
      await ask(questions.causeWithoutConfigs, one, { ...all, configs: false })
      await ask(questions.causeWithoutView, one, { ...all, view: false })
    }
    if (one.decidedBy === 'config') await ask(questions.config, one, all)
    const { candidates } = await ask('', one, { logs: false, configs: false, view: true }, [])
    count(rows, questions.candidates, candidates.includes(one.cause as never) ? 'right' : 'wrong', `${one.id}: ${candidates.join(' ')}, truly ${one.cause}`)
    sizes.ours += candidates.length
    sizes.labels += one.candidates.length
    sizes.cases++
  }
  return { rows: [...rows.values()], byCause: [...byCause.values()].toSorted((a, b) => order(a).localeCompare(order(b))), meanCandidates: sizes.ours / sizes.cases, meanOfLabels: sizes.labels / sizes.cases, confidentAndWrong }
}

function count(table: Map<string, EvidenceRow>, question: string, outcome: 'right' | 'unknown' | 'wrong', details: string): void {
  const row = table.get(question) ?? { question, cases: 0, right: 0, unknown: 0, wrong: 0, details: [] }
  table.set(question, row)
  row.cases++
  row[outcome]++
  if (outcome !== 'right') row.details.push(details)
}

function order(row: EvidenceRow): string {
  return `${layerOfCause(row.question as never) ?? ''} ${row.question}`
}

/** A label's words contain the name, in any case: "HAProxy -> nginx", "exec.CommandContext deadline, ...". */
function names(one: EvidenceCase, name: string): boolean {
  return `${one.product} ${one.directive}`.toLowerCase().includes(name.toLowerCase())
}

/** Whether a label begins with a setting's name; the others describe what was done ("same, dropped", "outer 600 ms"). */
function namesSetting(one: EvidenceCase): boolean {
  return one.limitMs !== null && /^(?:timeout [a-z]|[\w.-]*(?:_|[a-z][A-Z]|imeout|-timeout)|--?\w|harakiri|TIMEOUT)/.test(one.directive)
}

/** The table as text; with details every case that is not right. */
export function tableText(table: EvidenceTable, details: boolean): string {
  const line = (row: EvidenceRow) => `${row.question.padEnd(54)} ${String(row.cases).padStart(5)} ${String(row.right).padStart(5)} ${String(row.unknown).padStart(7)} ${String(row.wrong).padStart(5)} ${(100 * row.right / row.cases).toFixed(1).padStart(6)} %`
  const head = (title: string) => `${title.padEnd(54)} cases right unknown wrong`
  return [
    head('question'), ...table.rows.map(line), '', head('cause, with logs that suffice'), ...table.byCause.map(line), '',
    `candidates from the view alone: ${table.meanCandidates.toFixed(2)} on average, ${table.meanOfLabels.toFixed(2)} at least`, `at least 0.9 sure and wrong: ${table.confidentAndWrong.length}`, ...table.confidentAndWrong.map((text) => `  ${text}`),
    ...(details ? table.rows.filter((row) => row.details.length > 0).flatMap((row) => ['', row.question, ...row.details.map((text) => `  ${text}`)]) : []), '',
  ].join('\n')
}

// node build/test-tools/evidence-table.ts [folder] [--details]
if (import.meta.main) {
  const folder = process.argv.slice(2).find((argument) => !argument.startsWith('--'))
  process.stdout.write(tableText(await measureEvidence(folder === undefined ? evidenceFolder : resolve(folder)), process.argv.includes('--details')))
}
