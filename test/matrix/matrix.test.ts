import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine.ts'
import { missingPowers } from '../../electron/system/missing-powers.ts'
import { engines, type MatrixCase } from './case.ts'
import { clientCases } from './cases/client.ts'
import { flowCases } from './cases/flow.ts'
import { networkCases } from './cases/network.ts'
import { everyProxyCases, proxyCases } from './cases/proxy.ts'
import { surroundingsCases } from './cases/surroundings.ts'
import { quietCases, scriptCases } from './cases/script.ts'
import { runCase } from './run-case.ts'
import { judgeStack } from './stack-at-cut.ts'
import { isRight, tableOf, type Judged } from './table.ts'

let engine: Engine
const judged: Judged[] = []

beforeAll(async () => { engine = await createEngine({ history: 'off' }) })
afterAll(async () => {
  await engine.close()
  process.stdout.write(`\n${tableOf(judged)}\n`)
})

/** Real runs of causes known by construction. Unknown is allowed to be honest; sure and wrong is not. */
function check(known: MatrixCase, proxy?: string): void {
  test(`${known.cause}: ${known.name}${proxy ? ` (${proxy})` : ''}`, async () => {
    const powerless = known.needs ? (await missingPowers()).find((power) => power.limitId === powerOf[known.needs ?? 'memory']) : undefined
    if (powerless) { await checkNotPretended(known, powerless); return }
    const record = await runCase(engine, known, proxy)
    const right = isRight(known, record)
    const stack = await judgeStack(known.script, record)
    judged.push({ known, record, right, stack: stack?.judgement ?? null })
    const { verdict } = record
    const told = `${verdict.cause} (${verdict.confidence}): ${verdict.headline}\n${JSON.stringify(record.client)}`
    expect(right || verdict.confidence < 0.9, `sure and wrong: ${told}`).toBe(true)
    expect(right, told).toBe(true)
    if (known.cause !== 'none') expect(verdict.evidence.length).toBeGreaterThan(0)
    if (stack) expect(stack.judgement, stack.told).toBe('right')
    let from = 0
    const followed = verdict.consequences.join('\n')
    for (const consequence of known.consequences ?? []) {
      const at = followed.slice(from).search(consequence)
      expect(at, `${consequence} is missing or out of order in:\n${followed}`).toBeGreaterThanOrEqual(0)
      from += at
    }
  })
}

const powerOf = { memory: 'os.memory', pids: 'os.processes' }

/** Where the machine cannot hold the limit, the record has to say so; a harmless script stands in for the hungry one. */
async function checkNotPretended(known: MatrixCase, power: { limitId: string; reason: string }): Promise<void> {
  const record = await runCase(engine, { ...known, script: 'quick.py' })
  const limit = record.limits.find((candidate) => candidate.id === power.limitId)
  expect(limit?.enforced, power.reason).toBe(false)
  expect(limit?.why_not_enforced).toBeTruthy()
}

describe('client', () => { for (const known of clientCases) check(known) })
describe('network', () => { for (const known of networkCases) check(known) })
describe('gateway, connector, wrapper, platform', () => { for (const known of flowCases) check(known) })
describe('kernel and script', () => { for (const known of scriptCases) check(known) })
describe('around the script', () => { for (const known of surroundingsCases) check(known) })
describe('nothing was cut', () => { for (const known of quietCases) check(known) })
describe('several proxies', () => { for (const known of proxyCases) check(known) })
for (const proxy of engines) describe(`behind ${proxy}`, () => { for (const known of everyProxyCases) check(known, proxy) })
