import { expect, test } from 'vitest'
import { planChain, type Hop } from '../../../electron/flow/plan-chain.ts'
import { flowPlan } from './flow-run.ts'

const shown = (hops: Hop[]) => hops.map((hop) => (hop.kind === 'link' ? `link(${hop.faults.map((fault) => fault.action).join('+')})>${hop.to}` : hop.kind === 'proxy' ? `${hop.engine}${hop.number}` : 'gateway')).join(' ')
const chainOf = (...args: Parameters<typeof flowPlan>) => shown(planChain(flowPlan(...args)))

test('without proxies and faults there is only the gateway', () => {
  expect(chainOf()).toBe('gateway')
})
test('proxies stand in the order they were asked for, outermost first', () => {
  expect(chainOf({ proxies: ['nginx', 'haproxy'] })).toBe('nginx1 haproxy2 gateway')
})
test('a link stands only where a fault was asked for, in front of its place', () => {
  expect(chainOf({ proxies: ['builtin', 'builtin'], faults: ['network.reset:gateway', 'network.latency=5ms:proxy2'] })).toBe('builtin1 link(latency)>proxy2 builtin2 link(reset)>gateway gateway')
})
test('faults of the same link share it', () => {
  expect(chainOf({ faults: ['network.latency=5ms', 'network.reset@1s:gateway'] })).toBe('link(latency+reset)>gateway gateway')
})
test('"client" is the link in front of the outermost hop', () => {
  expect(chainOf({ proxies: ['builtin'], faults: ['network.close', 'network.reset:proxy1'] })).toBe('link(close+reset)>proxy1 builtin1 gateway')
})
test('a fault at a proxy that is not there has no link', () => {
  expect(chainOf({ proxies: ['builtin'], faults: ['network.close:proxy2'] })).toBe('builtin1 gateway')
})
