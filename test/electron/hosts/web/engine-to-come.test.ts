import { expect, test } from 'vitest'
import type { EnginePort } from '../../../../electron/hosts/engine-port.ts'
import { engineToCome } from '../../../../electron/hosts/web/engine-to-come.ts'
import { createRecordingEngine } from '../../../helpers/recording-engine.ts'

test('calls wait for the engine and are answered by it', async () => {
  const coming = Promise.withResolvers<EnginePort>()
  const answered: string[] = []
  const port = engineToCome(coming.promise, (call) => { answered.push(call) })
  const asked = port.call('runRecord', ['a'])
  expect(answered).toEqual([])
  coming.resolve(createRecordingEngine((name, args) => ({ name, args })))
  expect(await asked).toEqual({ name: 'runRecord', args: ['a'] })
  expect(answered).toEqual(['runRecord'])
})

test('who listens early hears every push; who has left hears none', async () => {
  const engine = createRecordingEngine(() => null)
  const coming = Promise.withResolvers<EnginePort>()
  const port = engineToCome(coming.promise)
  const heard: string[] = []
  port.onPush(({ push }) => { heard.push(`first ${push}`) })
  const leave = port.onPush(({ push }) => { heard.push(`left early ${push}`) })
  leave()
  coming.resolve(engine)
  await coming.promise
  const late = port.onPush(({ push }) => { heard.push(`late ${push}`) })
  await Promise.resolve()
  engine.push({ push: 'command', value: { command: 'run' } } as never)
  late()
  engine.push({ push: 'command', value: { command: 'run' } } as never)
  expect(heard).toEqual(['first command', 'late command', 'first command'])
})

test('an engine that cannot be loaded is the answer to every call', async () => {
  const port = engineToCome(Promise.reject(new Error('no engine')))
  port.onPush(() => undefined)
  await expect(port.call('hello', [])).rejects.toThrow('no engine')
})
