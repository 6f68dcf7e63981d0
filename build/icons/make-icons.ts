import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumForTests, chromiumSwitches } from '../test-tools/chromium.ts'
import { toIcns, toIco, type Rendered } from './containers.ts'

/**
 * `node build/icons/make-icons.ts`: draws `icon.svg` in every size and form that packages want. The results are kept in git: packing an app
 * must not need a browser, and electron-builder would fetch a converter.
 */
const folder = import.meta.dirname
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
/** 1024 is Apple's; Linux desktops look for no more than 512, Windows for 256. */
const linuxSizes = sizes.filter((size) => size <= 512)

/** Runs in the page, which knows the DOM: the picture as PNG and as pixels, in base64. With a size of its own the drawing is rasterised at that size. */
const draw = `async (svg, size) => {
  const image = new Image()
  image.src = 'data:image/svg+xml;base64,' + btoa(svg.replace('<svg ', '<svg width="' + size + '" height="' + size + '" '))
  await image.decode()
  const canvas = Object.assign(document.createElement('canvas'), { width: size, height: size })
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0, size, size)
  const pixels = context.getImageData(0, 0, size, size).data
  return { png: canvas.toDataURL('image/png').split(',')[1], rgba: btoa(Array.from(pixels, (byte) => String.fromCharCode(byte)).join('')) }
}`

const found = chromiumForTests()
if (!found.ok) throw new Error(found.problem)
const browser = await chromium.launch({ executablePath: found.path, args: [...chromiumSwitches] })
const page = await browser.newPage()
const svg = readFileSync(join(folder, 'icon.svg'), 'utf8')
const icons: Rendered[] = []
for (const size of sizes) {
  const { png, rgba } = await page.evaluate<{ png: string; rgba: string }>(`(${draw})(${JSON.stringify(svg)}, ${size})`)
  icons.push({ size, png: Buffer.from(png, 'base64'), rgba: Buffer.from(rgba, 'base64') })
}
await browser.close()

const write = (name: string, data: Buffer) => writeFileSync(join(folder, name), data)
mkdirSync(join(folder, 'linux'), { recursive: true })
for (const { size, png } of icons) if (linuxSizes.includes(size)) write(`linux/${size}x${size}.png`, png)
write('icon.ico', toIco(icons.filter(({ size }) => size <= 256)))
write('icon.icns', toIcns(icons))
