import { describe, expect, test } from 'vitest'
import { createContext } from '../../../../electron/flow/context.ts'
import { jsonAnswer } from '../../../../electron/flow/gateway/exchange.ts'
import { withPlatform } from '../../../../electron/flow/gateway/platform.ts'
import { testRun } from '../flow-run.ts'

const request = (bytes = 2) => ({ method: 'POST', target: '/', headers: [], body: Buffer.alloc(bytes, 'x') })

describe('a platform’s limits', () => {
  test('its duration ends the invocation and answers instead', async () => {
    const run = testRun({ 'platform.duration': '40ms' })
    run.clock.start()
    let ended: string | null = null
    const handle = withPlatform(run, (_, context) => new Promise((resolve) => { context.onEnd(({ error }) => { ended = error; resolve(jsonAnswer(500, '0')) }) }))
    const answer = await handle(request(), createContext())
    expect(answer.status).toBe(504)
    expect(answer.body.toString()).toContain('timed out after 0.04 seconds')
    expect(ended).toBe('context deadline exceeded')
    expect(run.fired()).toEqual(['platform.duration'])
    expect(run.the('context_canceled').layer).toBe('platform')
  })
  test('the size of the request is checked before anything is invoked', async () => {
    const run = testRun({ 'platform.payload': '1KB' })
    const answer = await withPlatform(run, () => { throw new Error('invoked') })(request(2000), createContext())
    expect(answer.status).toBe(413)
    expect(run.fired()).toEqual(['platform.payload'])
  })
  test('an answer that is too large becomes 502, an error of the script stays what it is', async () => {
    const run = testRun({ 'platform.payload': '1KB' })
    const large = (status: number) => withPlatform(run, async () => jsonAnswer(status, 'x'.repeat(2000)))(request(), createContext())
    expect((await large(200)).status).toBe(502)
    expect((await large(500)).status).toBe(500)
  })
  test('without limits the handler is left alone', () => {
    const handle = async () => jsonAnswer(200, '1')
    expect(withPlatform(testRun(), handle)).toBe(handle)
  })
})
