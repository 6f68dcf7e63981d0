import { describe, expect, test } from 'vitest'
import { faultKinds, faultTable, parseFault } from '../../../shared/flow/faults.ts'
import { serviceFaultKinds } from '../../../shared/flow/service-faults.ts'
import { faultActions, serviceFaultActions } from '../../../shared/run/plan.ts'

function faultOf(text: string) {
  const parsed = parseFault(text)
  if (!parsed.ok) throw new Error(`${parsed.problem} (${parsed.hint})`)
  return parsed.fault
}
function refusalOf(text: string) {
  const parsed = parseFault(text)
  if (parsed.ok) throw new Error(`taken: ${JSON.stringify(parsed.fault)}`)
  return `${parsed.problem} | ${parsed.hint}`
}

describe('the table of faults', () => {
  test('names every action exactly once, links and services apart', () => {
    expect(faultTable.map((kind) => kind.action).toSorted()).toEqual(faultActions.toSorted())
    expect(faultKinds.map((kind) => kind.action).toSorted()).toEqual(faultActions.filter((action) => !serviceFaultActions.includes(action)).toSorted())
  })
  test.each(faultKinds.map((kind) => [kind.example, kind.action]))('its example %s parses as %s', (example, action) => {
    expect(faultOf(example)).toMatchObject({ action, text: example, place: 'client' })
  })
})

describe('a fault', () => {
  test('may have a time, counted from the accepted connection', () => {
    expect(faultOf('network.reset@500ms')).toEqual({ text: 'network.reset@500ms', action: 'reset', place: 'client', atMs: 500, amount: null, jitterMs: null })
  })
  test('may have an amount with jitter, written in three ways', () => {
    for (const text of ['network.latency=300ms±50ms', 'network.latency=300ms+-50ms', 'network.latency=0.3s+/-50ms']) expect(faultOf(text)).toMatchObject({ amount: 300, jitterMs: 50, atMs: null })
  })
  test('may name its place after a colon', () => {
    expect(faultOf('network.latency=300ms±50ms@1s:proxy2')).toMatchObject({ amount: 300, jitterMs: 50, atMs: 1000, place: 'proxy2' })
    expect(faultOf('network.refuse:gateway').place).toBe('gateway')
  })
  test('takes a rate in bytes per second', () => {
    expect(faultOf('network.bandwidth=10KB/s').amount).toBe(10240)
  })
  test('takes zero bytes of the body and a time of zero', () => {
    expect(faultOf('network.close_midbody=0B').amount).toBe(0)
    expect(faultOf('network.reset@0ms').atMs).toBe(0)
  })
  test('may be written with a hyphen, capitals and blanks around', () => {
    expect(faultOf(' network.Connect-Hang:Gateway ')).toMatchObject({ action: 'connect_hang', place: 'gateway', text: 'network.Connect-Hang:Gateway' })
  })
})

describe('a fault of a service', () => {
  test.each(serviceFaultKinds.map((kind) => [kind.example, kind.action]))('%s parses as %s', (example, action) => {
    expect(faultOf(example)).toMatchObject({ action, text: example })
  })
  test('names its service, the first proxy for short, and may have a time', () => {
    expect(faultOf('proxy.stop@2s')).toMatchObject({ place: 'proxy1', atMs: 2000 })
    expect(faultOf('gateway.reject')).toMatchObject({ place: 'gateway', atMs: null })
  })
  test('may have an amount with its unit', () => {
    expect(faultOf('client.reuse=0.7s')).toMatchObject({ place: 'client', amount: 700, atMs: null })
    expect(faultOf('proxy2.busy=2s')).toMatchObject({ place: 'proxy2', amount: 2000 })
    expect(faultOf('gateway.big-header=8KB')).toMatchObject({ action: 'big_header', amount: 8192 })
  })
  test.each([['gateway.backend_down', 'unknown fault'], ['proxy2.stopp', 'did you mean proxy2.stop?'], ['gateway.stop@500', 'has no unit'], ['proxy1.reject@1s', 'cannot be given a time'], ['client.reuse', 'needs a value'], ['client.reuse=700', 'has no unit'], ['client.total=500ms', 'a limit is set with --limit'], ['gateway.reject=2', 'takes no value'], ['gateway.reuse=1s', 'unknown fault'], ['client.stop@1s', 'unknown fault'], ['gateway.big_header=32KB@1s', 'cannot be given a time']])('%s is refused', (text, part) => {
    expect(refusalOf(text)).toContain(part)
  })
})

describe('a fault is refused, and the refusal says how to write it,', () => {
  test.each([
    ['reset@500ms', 'faults start with "network." (a link) or a service'],
    ['network.rest@500ms', 'did you mean network.reset?'],
    ['network.reset@500', 'has no unit'],
    ['network.reset=500ms', 'a time comes after @'],
    ['network.reset@proxy1', 'a place comes after a colon'],
    ['network.reset@500ms:proxy0', 'no place in the flow'],
    ['network.reset@500ms:wrapper', 'no place in the flow'],
    ['network.latency', 'needs a value'],
    ['network.latency=300', 'has no unit'],
    ['network.latency=-300ms', 'negative'],
    ['network.latency=50ms±80ms', 'more than the latency'],
    ['network.latency=50ms±1ms±1ms', 'more than one ±'],
    ['network.blackhole±5ms', 'network.blackhole@500ms'],
    ['network.bandwidth=10KB', 'no rate'],
    ['network.bandwidth=10ms/s', 'not a unit'],
    ['network.idle_drop=1s±5ms', 'takes no ±'],
    ['network.refuse@500ms', 'cannot be given a time'],
    ['network.', 'network.ACTION'],
    ['', 'network.ACTION'],
    ['network.reset@1s@2s', 'network.reset@500ms'],
  ])('%s', (text, part) => {
    expect(refusalOf(text)).toContain(part)
  })
})
