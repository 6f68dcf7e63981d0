import { describe, expect, test } from 'vitest'
import { createQueues, createSlots } from '../../../electron/flow/queue.ts'

const settled = async (promise: Promise<void>) => Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => { setImmediate(() => resolve(false)) })])

describe('slots', () => {
  test('so many run at once, the others wait in the order they came', async () => {
    const slots = createSlots(2)
    const tickets = [1, 2, 3, 4].map(() => slots.take())
    expect([slots.running, slots.waiting]).toEqual([2, 2])
    expect(await Promise.all(tickets.map((ticket) => settled(ticket.turn)))).toEqual([true, true, false, false])
    tickets[1]?.leave()
    expect(await Promise.all(tickets.slice(2).map((ticket) => settled(ticket.turn)))).toEqual([true, false])
  })
  test('who gives up waiting is passed over and gives nothing back', async () => {
    const slots = createSlots(1)
    const [first, second, third] = [slots.take(), slots.take(), slots.take()]
    second.leave()
    second.leave()
    first.leave()
    first.leave()
    expect(await settled(third.turn)).toBe(true)
    expect([slots.running, slots.waiting]).toEqual([1, 0])
    expect(await settled(second.turn)).toBe(false)
  })
  test('without a concurrency nobody waits', async () => {
    const slots = createSlots(Infinity)
    const tickets = Array.from({ length: 500 }, () => slots.take())
    expect([slots.running, slots.waiting]).toEqual([500, 0])
    for (const ticket of tickets) ticket.leave()
    expect(slots.running).toBe(0)
  })
})

test('requests of one service share a queue, those of another do not', () => {
  const queues = createQueues()
  expect(queues.slotsFor('a', 1)).toBe(queues.slotsFor('a', 1))
  expect(queues.slotsFor('a', 1)).not.toBe(queues.slotsFor('b', 1))
  expect(queues.slotsFor('a', 1)).not.toBe(queues.slotsFor('a', 2))
  expect(queues.slotsFor('a', null).concurrency).toBe(Infinity)
})
