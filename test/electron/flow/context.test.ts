import { describe, expect, test } from 'vitest'
import { createContext } from '../../../electron/flow/context.ts'

describe('a request context', () => {
  test('ends once and keeps its first cause', () => {
    const context = createContext()
    expect(context.cancel('gateway', { kind: 'client_gone', limitId: null })).toBe(true)
    expect(context.cancel('gateway', { kind: 'limit', limitId: 'gateway.handler' })).toBe(false)
    expect(context.ended).toEqual({ by: 'gateway', cause: { kind: 'client_gone', limitId: null }, error: 'context canceled' })
  })
  test('says "context deadline exceeded" for a limit, as Go does', () => {
    const context = createContext()
    context.cancel('connector', { kind: 'limit', limitId: 'connector.context' })
    expect(context.ended?.error).toBe('context deadline exceeded')
  })
  test('ends its children with its own cause, and does not end with them', () => {
    const parent = createContext()
    const first = parent.child()
    const second = parent.child().child()
    first.cancel('platform', { kind: 'limit', limitId: 'platform.duration' })
    expect(parent.ended).toBeNull()
    parent.cancel('gateway', { kind: 'user_stop', limitId: null })
    expect(second.ended?.cause.kind).toBe('user_stop')
    expect(first.ended?.cause.limitId).toBe('platform.duration')
  })
  test('tells each listener once, late ones at once, and none that was taken back', () => {
    const context = createContext()
    const heard: string[] = []
    context.onEnd(() => heard.push('kept'))
    context.onEnd(() => heard.push('taken back'))()
    context.cancel('gateway', { kind: 'engine_stop', limitId: null })
    context.onEnd(() => heard.push('late'))
    expect(heard).toEqual(['kept', 'late'])
  })
})
