import { describe, expect, test } from 'vitest'
import { frameReader, type Frame } from '../../../electron/python/frames.ts'
import { parseControl, parseReport } from '../../../electron/python/messages.ts'

/** Frames read from `bytes`, cut into chunks of `size`. */
function read(bytes: Buffer, size = bytes.length): Frame[] {
  const frames: Frame[] = []
  const take = frameReader('nonce', (frame) => frames.push(frame))
  for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size))
  return frames
}

const stream = Buffer.concat([
  Buffer.from('nonce {"e":"a"}\nnonce {"e":"result","bytes":5}\n'), Buffer.from([0x0a, 0xff, 0x00, 0x0a, 0x61]), Buffer.from('nonce {"e":"empty","bytes":0}\nnonce {"e":"b","text":"ü"}\n'),
])

test('frames are the same however the bytes are cut', () => {
  const whole = read(stream)
  expect(whole.map(({ fields, payload }) => [fields['e'], payload && [...payload]])).toEqual([['a', null], ['result', [0x0a, 0xff, 0x00, 0x0a, 0x61]], ['empty', []], ['b', null]])
  for (let size = 1; size < stream.length; size++) expect(read(stream, size)).toEqual(whole)
})

test('lines without the nonce, broken JSON and binary junk are left out', () => {
  const junk = Buffer.concat([Buffer.from('{"e":"forged"}\nother {"e":"forged"}\nnonce not json\nnonce [1]\nnonce "text"\n'), Buffer.from(Array.from({ length: 256 }, (_, n) => n)), Buffer.from('\nnonce {"e":"real"}\n')])
  expect(read(junk).map(({ fields }) => fields['e'])).toEqual(['real'])
})

test('a line without end does not fill the memory, and what follows it is read', () => {
  const frames: Frame[] = []
  const take = frameReader('nonce', (frame) => frames.push(frame))
  for (let n = 0; n < 64; n++) take(Buffer.alloc(1 << 20, 'x'))
  take(Buffer.from('\nnonce {"e":"after"}\n'))
  expect(frames.map(({ fields }) => fields['e'])).toEqual(['after'])
})

describe('messages', () => {
  const frame = (fields: Record<string, unknown>): Frame => ({ fields, payload: null })
  test('of the agreed shape are taken', () => {
    expect(parseControl(frame({ e: 'started', pid: 5, at: 1 }))).toEqual({ e: 'started', pid: 5, at: 1 })
    expect(parseReport(frame({ e: 'phase', name: 'load', t: 1 }))).toEqual({ e: 'phase', name: 'load', t: 1 })
  })
  test.each([{}, { e: 'unknown' }, { e: 'started', pid: 'x', at: 1 }, { e: 'started', pid: 5 }, { e: 'exited' }])('of another shape are ignored: %j', (fields) => {
    expect(parseControl(frame(fields))).toBeNull()
    expect(parseReport(frame(fields))).toBeNull()
  })
})
