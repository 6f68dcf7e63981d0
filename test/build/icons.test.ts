import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../build/icons')
const pngSize = (png: Buffer) => png.subarray(1, 4).toString() === 'PNG' ? [png.readUInt32BE(16), png.readUInt32BE(20)] : null

describe('the app\'s icon, in git because packing must fetch nothing', () => {
  test('for Linux has every usual size, each as large as its name says', () => {
    const names = readdirSync(join(folder, 'linux'))
    expect(names.map((name) => Number.parseInt(name, 10)).toSorted((a, b) => a - b)).toEqual([16, 24, 32, 48, 64, 128, 256, 512])
    for (const name of names) expect(pngSize(readFileSync(join(folder, 'linux', name)))?.join('x'), name).toBe(name.replace('.png', ''))
  })
  test('for Windows holds bitmaps for the small sizes and PNG for the large ones, and nothing lies outside of it', () => {
    const ico = readFileSync(join(folder, 'icon.ico'))
    expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1])
    const entries = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
      const at = 6 + 16 * index
      const start = ico.readUInt32LE(at + 12)
      return { size: ico[at] || 256, bits: ico.readUInt16LE(at + 6), image: ico.subarray(start, start + ico.readUInt32LE(at + 8)), end: start + ico.readUInt32LE(at + 8) }
    })
    expect(entries.map(({ size }) => size)).toEqual([16, 24, 32, 48, 64, 128, 256])
    expect(entries.at(-1)?.end).toBe(ico.length)
    for (const { size, bits, image } of entries) {
      expect(bits).toBe(32)
      if (size > 48) expect(pngSize(image)).toEqual([size, size])
      else expect([image.readUInt32LE(0), image.readInt32LE(4), image.readInt32LE(8), image.length]).toEqual([40, size, size * 2, 40 + size * size * 4 + Math.ceil(size / 32) * 4 * size])
    }
  })
  test('for macOS holds a PNG of each type\'s size', () => {
    const icns = readFileSync(join(folder, 'icon.icns'))
    expect(icns.subarray(0, 4).toString()).toBe('icns')
    expect(icns.readUInt32BE(4)).toBe(icns.length)
    const found: Record<string, number | undefined> = {}
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) found[icns.subarray(at, at + 4).toString()] = pngSize(icns.subarray(at + 8))?.[0]
    expect(found).toEqual({ ic11: 32, ic12: 64, ic07: 128, ic08: 256, ic13: 256, ic09: 512, ic14: 512, ic10: 1024 })
  })
})
