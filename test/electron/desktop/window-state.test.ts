import { describe, expect, test } from 'vitest'
import { defaultSize, leastSize, parseWindowState, placeOnDisplays } from '../../../electron/desktop/window-state.ts'

const display = { x: 0, y: 0, width: 1920, height: 1040 }
const right = { x: 1920, y: 0, width: 2560, height: 1400 }
const at = (x: number, y: number, width: number, height: number) => ({ bounds: { x, y, width, height } })

describe('where the window opens', () => {
  test('where it was', () => {
    expect(placeOnDisplays(at(2000, 100, 1200, 800), [display, right])).toEqual({ x: 2000, y: 100, width: 1200, height: 800 })
  })
  test('in the middle of the first display when its own is gone', () => {
    expect(placeOnDisplays(at(2000, 100, 1200, 800), [display])).toEqual(defaultSize)
  })
  test('when hardly a corner of it would be seen, as if its display were gone', () => {
    expect(placeOnDisplays(at(1900, 1000, 1200, 800), [display])).toEqual(defaultSize)
  })
  test('never larger than the display and never too small to use', () => {
    expect(placeOnDisplays(at(0, 0, 9000, 9000), [display])).toMatchObject({ width: 1920, height: 1040 })
    expect(placeOnDisplays(at(0, 0, 10, 200), [display])).toEqual(defaultSize)
    expect(placeOnDisplays(at(0, 0, 200, 200), [display])).toMatchObject(leastSize)
  })
})

describe('what was remembered', () => {
  test.each([[''], ['null'], ['[]'], ['{"bounds":{"x":"1"}}'], ['{"bounds":{"x":0,"y":0,"width":-1,"height":5}}'], ['{"bounds":{"x":0.5,"y":0,"width":1,"height":5}}'], ['{'], ['"x"']])('%s is as good as nothing', (text) => {
    expect(parseWindowState(text)).toEqual({ bounds: null, maximized: false, fullScreen: false })
  })
  test('a whole state is read back', () => {
    const state = { bounds: { x: 1, y: 2, width: 3, height: 4 }, maximized: true, fullScreen: true }
    expect(parseWindowState(JSON.stringify(state))).toEqual(state)
  })
})
