import { beforeAll, describe, expect, test } from 'vitest'
import { measureEvidence, questions, type EvidenceTable } from '../../../build/test-tools/evidence-table.ts'

let table: EvidenceTable
const shareOf = (question: string) => {
  const row = table.rows.find((candidate) => candidate.question === question)
  if (!row) throw new Error(`nobody asked: ${question}`)
  return { cases: row.cases, share: row.right / row.cases, words: row.details.join('\n') }
}

describe('measured cases of real servers, through the front door', () => {
  beforeAll(async () => { table = await measureEvidence() }, 120_000)

  test.each([questions.cause, questions.causeWithoutConfigs, questions.causeWithoutView, questions.product, questions.directive])('%s: right in at least 95 %%', (question) => {
    const { cases, share, words } = shareOf(question)
    expect(cases).toBeGreaterThan(50)
    expect(share, words).toBeGreaterThanOrEqual(0.95)
  })
  test('from the client’s view alone the true cause is among the candidates in at least 98 %', () => {
    const { cases, share, words } = shareOf(questions.candidates)
    expect(cases).toBeGreaterThan(250)
    expect(share, words).toBeGreaterThanOrEqual(0.98)
  })
  test('the candidates are no more than a fifth above what nobody could exclude', () => {
    expect(table.meanCandidates).toBeLessThanOrEqual(table.meanOfLabels * 1.2)
  })
  test('no verdict is sure and wrong', () => {
    expect(table.confidentAndWrong).toEqual([])
  })
  test('where only configuration and time name the cause it is never wrong, and found more often than not', () => {
    const row = table.rows.find((candidate) => candidate.question === questions.config)
    expect(row?.wrong).toBe(0)
    expect((row?.right ?? 0) / (row?.cases ?? 1)).toBeGreaterThan(0.7)
  })
})
