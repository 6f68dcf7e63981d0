import { expect, test } from 'vitest'
import { causes } from '../../shared/verdict/causes.ts'
import { proxyEngines } from '../../shared/flow/layers.ts'
import { engines, type MatrixCase } from './case.ts'
import { clientCases } from './cases/client.ts'
import { flowCases } from './cases/flow.ts'
import { networkCases } from './cases/network.ts'
import { everyProxyCases, proxyCases } from './cases/proxy.ts'
import { quietCases, scriptCases } from './cases/script.ts'
import { surroundingsCases } from './cases/surroundings.ts'

const cases: MatrixCase[] = [...clientCases, ...networkCases, ...flowCases, ...scriptCases, ...surroundingsCases, ...quietCases, ...proxyCases, ...everyProxyCases.map((known) => ({ ...known, proxy: 'each' }))]

test.each(causes.filter((cause) => cause !== 'unknown'))('%s is in the matrix in two disguises at least', (cause) => {
  const disguises = cases.filter((known) => known.cause === cause).map((known) => JSON.stringify({ ...known, name: '', change: String(known.change) }))
  expect(new Set(disguises).size).toBeGreaterThanOrEqual(2)
})
test('there are decoys, ties and several faults at once', () => {
  expect(cases.filter((known) => known.name.startsWith('decoy:')).length).toBeGreaterThanOrEqual(10)
  expect(cases.filter((known) => known.name.startsWith('tie of')).length).toBeGreaterThanOrEqual(2)
  expect(cases.filter((known) => (known.faults ?? []).length > 1).length).toBeGreaterThanOrEqual(3)
})
test('cases of the proxy run through every engine', () => {
  expect([...engines]).toEqual([...proxyEngines])
})
test('no two cases have the same name under one cause', () => {
  const names = cases.map((known) => `${known.cause}: ${known.name}`)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
