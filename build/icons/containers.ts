/** One size of an icon: its PNG, and its pixels as rows of RGBA from the top. */
export interface Rendered { size: number; png: Buffer; rgba: Buffer }

/** Up to here Windows wants plain bitmaps; only larger pictures may be PNG (since Windows Vista). */
const largestBitmap = 48

/** An .ico: a table of contents, then each picture (Microsoft's ICO format). */
export function toIco(icons: readonly Rendered[]): Buffer {
  const images = icons.map((icon) => icon.size <= largestBitmap ? toBitmap(icon) : icon.png)
  const table = Buffer.alloc(6 + 16 * icons.length)
  table.writeUInt16LE(1, 2)
  table.writeUInt16LE(icons.length, 4)
  let offset = table.length
  icons.forEach(({ size }, index) => {
    const entry = 6 + 16 * index
    const length = images[index]?.length ?? 0
    // 256 is written as 0.
    table.writeUInt8(size % 256, entry)
    table.writeUInt8(size % 256, entry + 1)
    table.writeUInt16LE(1, entry + 4)
    table.writeUInt16LE(32, entry + 6)
    table.writeUInt32LE(length, entry + 8)
    table.writeUInt32LE(offset, entry + 12)
    offset += length
  })
  return Buffer.concat([table, ...images])
}

/** BITMAPINFOHEADER with twice the height, rows of BGRA from the bottom, and an empty mask: alpha says what is seen. */
function toBitmap({ size, rgba }: Rendered): Buffer {
  const header = Buffer.alloc(40)
  header.writeUInt32LE(40, 0)
  header.writeInt32LE(size, 4)
  header.writeInt32LE(size * 2, 8)
  header.writeUInt16LE(1, 12)
  header.writeUInt16LE(32, 14)
  const pixels = Buffer.alloc(size * size * 4)
  for (let row = 0; row < size; row++) rgba.copy(pixels, (size - 1 - row) * size * 4, row * size * 4, (row + 1) * size * 4)
  for (let at = 0; at < pixels.length; at += 4) pixels.subarray(at, at + 3).reverse()
  const maskRow = Math.ceil(size / 32) * 4
  return Buffer.concat([header, pixels, Buffer.alloc(maskRow * size)])
}

/** Apple's types of PNG pictures in an .icns, by size in pixels; two for a size that serves as a smaller one for dense displays as well. */
const icnsTypes: Readonly<Record<number, readonly string[]>> = { 32: ['ic11'], 64: ['ic12'], 128: ['ic07'], 256: ['ic08', 'ic13'], 512: ['ic09', 'ic14'], 1024: ['ic10'] }

/** An .icns: `icns` and its length, then a type, a length and a PNG for each picture. */
export function toIcns(icons: readonly Rendered[]): Buffer {
  const parts = icons.flatMap(({ size, png }) => (icnsTypes[size] ?? []).map((type) => Buffer.concat([head(type, png.length), png])))
  const body = Buffer.concat(parts)
  return Buffer.concat([head('icns', body.length), body])
}

function head(type: string, length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.write(type, 'latin1')
  bytes.writeUInt32BE(length + 8, 4)
  return bytes
}
