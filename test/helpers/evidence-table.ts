import { diagnoseCase, evidenceCases, halfOf, isRight, type EvidenceCase } from './evidence.ts'

/** One line of the table: a share of cases. */
export interface EvidenceRow { question: string; half: string; cases: number; right: number; wrong: string[] }

export interface EvidenceTable {
  rows: EvidenceRow[]
  /** Mean number of candidates from the view alone: ours, and of the labels. */
  meanCandidates: number
  meanOfLabels: number
  /** Verdicts of at least 0.9 that were wrong, over everything that was asked. */
  confidentAndWrong: string[]
}

/** Asks every question about every case. */
export async function measureEvidence(): Promise<EvidenceTable> {
  const cases = evidenceCases()
  const confidentAndWrong: string[] = []
  const rows: EvidenceRow[] = []
  const sizes = { ours: 0, labels: 0, cases: 0 }
  const add = (question: string, one: EvidenceCase, right: boolean, words: string) => {
    for (const half of ['all', halfOf(one.id)]) {
      const row = rows.find((candidate) => candidate.question === question && candidate.half === half) ?? (rows[rows.push({ question, half, cases: 0, right: 0, wrong: [] }) - 1] as EvidenceRow)
      row.cases++
      if (right) row.right++
      else row.wrong.push(`${one.id}: ${words}`)
    }
  }
  const ask = async (question: string, one: EvidenceCase, given: { logs: boolean; configs: boolean; view: boolean }) => {
    const diagnosis = await diagnoseCase(one, given)
    const right = isRight(one, diagnosis)
    const { verdict } = diagnosis
    add(question, one, right, `${verdict.cause} ${verdict.confidence}, truly ${one.cause}`)
    if (verdict.confidence >= 0.9 && !right) confidentAndWrong.push(`${one.id} (${question}): ${verdict.cause} ${verdict.confidence}, truly ${one.cause}`)
    return diagnosis
  }
  for (const one of cases) {
    if (one.logsSuffice) {
      const { verdict } = await ask('cause, from logs, configurations and the view', one, { logs: true, configs: true, view: true })
      add('product, from logs, configurations and the view', one, names(one, verdict.product), `${verdict.product}, truly ${one.product}`)
      if (one.limitMs !== null) add('directive, from logs, configurations and the view', one, verdict.directive !== null && names(one, verdict.directive), `${verdict.directive}, truly ${one.directive}`)
      await ask('cause, from logs and the view', one, { logs: true, configs: false, view: true })
      await ask('cause, from logs and configurations', one, { logs: true, configs: true, view: false })
    }
    if (one.decidedBy === 'config') await ask('cause, where only configuration and time name it', one, { logs: true, configs: true, view: true })
    const { verdict } = await ask('cause, from the view alone', one, { logs: false, configs: false, view: true })
    add('true cause among the candidates, from the view alone', one, verdict.candidates.includes(one.cause as never), verdict.candidates.join(' '))
    sizes.ours += verdict.candidates.length
    sizes.labels += one.candidates.length
    sizes.cases++
  }
  return { rows, meanCandidates: sizes.ours / sizes.cases, meanOfLabels: sizes.labels / sizes.cases, confidentAndWrong }
}

/** A label's words contain the name, in any case: "HAProxy -> nginx", "exec.CommandContext deadline, ...". */
function names(one: EvidenceCase, name: string | null): boolean {
  return name !== null && `${one.product} ${one.directive}`.toLowerCase().includes(name.toLowerCase())
}

/** The table as text. */
export function tableText(table: EvidenceTable, details: boolean): string {
  const lines = table.rows.map((row) => `${row.question.padEnd(58)} ${row.half.padEnd(9)} ${String(row.right).padStart(4)} of ${String(row.cases).padEnd(4)} ${(100 * row.right / row.cases).toFixed(1).padStart(5)} %`)
  const wrong = details ? table.rows.filter((row) => row.half === 'all').flatMap((row) => ['', row.question, ...row.wrong.map((text) => `  ${text}`)]) : []
  return [...lines, `candidates from the view alone: ${table.meanCandidates.toFixed(2)} on average, ${table.meanOfLabels.toFixed(2)} at least`, `at least 0.9 sure and wrong: ${table.confidentAndWrong.length}`, ...table.confidentAndWrong.map((text) => `  ${text}`), ...wrong, ''].join('\n')
}

if (import.meta.main) process.stdout.write(tableText(await measureEvidence(), process.argv.includes('--details')))
