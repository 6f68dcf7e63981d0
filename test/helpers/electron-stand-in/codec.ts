/** Text form of what Electron's IPC and context bridge can carry: the structured clone of plain data. */
export interface Codec {
  encode(value: unknown): string
  decode(text: string): unknown
}

/** What a codec does with values that are no data: functions and promises. Without it they are refused, as in IPC. */
export interface Handles { toHandle(value: object): number; fromHandle(handle: number): unknown }

/**
 * Builds a codec. Runs in pages too, as its own source text: it uses nothing from outside of its body.
 * Throws `An object could not be cloned.` like Electron.
 */
export function createCodec(handles?: Handles): Codec {
  const refuse = () => { throw new Error('An object could not be cloned.') }
  const bytesToText = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  const textToBytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
  const pack = (value: unknown): unknown => {
    switch (typeof value) {
      case 'string': case 'boolean': return value
      case 'number': return Number.isFinite(value) && !Object.is(value, -0) ? value : ['number', Object.is(value, -0) ? '-0' : String(value)]
      case 'undefined': return ['undefined']
      case 'bigint': return ['bigint', String(value)]
      case 'function': return handles ? ['handle', handles.toHandle(value)] : refuse()
      case 'symbol': return refuse()
      default: return packObject(value as object | null)
    }
  }
  const packObject = (value: object | null): unknown => {
    if (value === null) return null
    if (Array.isArray(value)) return ['array', value.map(pack)]
    if (value instanceof Date) return ['date', value.getTime()]
    if (value instanceof Map) return ['map', [...value].map(([key, item]) => [pack(key), pack(item)])]
    if (value instanceof Set) return ['set', [...value].map(pack)]
    if (value instanceof ArrayBuffer) return ['buffer', bytesToText(new Uint8Array(value))]
    if (ArrayBuffer.isView(value)) return ['bytes', bytesToText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))]
    if (value instanceof Error) return ['error', value.name, value.message]
    if (value instanceof Promise) return handles ? ['handle', handles.toHandle(value)] : refuse()
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [`.${key}`, pack(item)]))
  }
  const unpack = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.slice(1), unpack(item)]))
    const [tag, content, more] = value
    switch (tag) {
      case 'array': return content.map(unpack)
      case 'undefined': return undefined
      case 'number': return Number(content)
      case 'bigint': return BigInt(content)
      case 'date': return new Date(content)
      case 'map': return new Map(content.map(([key, item]: [unknown, unknown]) => [unpack(key), unpack(item)]))
      case 'set': return new Set(content.map(unpack))
      case 'buffer': return textToBytes(content).buffer
      case 'bytes': return textToBytes(content)
      case 'error': return Object.assign(new Error(more), { name: content })
      case 'handle': return handles ? handles.fromHandle(content) : refuse()
      default: return refuse()
    }
  }
  return { encode: (value) => JSON.stringify(pack(value)), decode: (text) => unpack(JSON.parse(text)) }
}
