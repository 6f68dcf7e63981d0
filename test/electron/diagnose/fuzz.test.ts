import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evidenceCases, evidenceFolder } from '../../../build/test-tools/evidence.ts'
import { runDiagnose } from '../../../electron/diagnose/run-diagnose.ts'
import { readdirSync, readFileSync } from 'node:fs'
import { configReaders } from '../../../shared/diagnose/configs/index.ts'
import { readConfigs } from '../../../shared/diagnose/configs/read-config.ts'
import { logReaders } from '../../../shared/diagnose/logs/index.ts'
import { openLog } from '../../../shared/diagnose/logs/read-log.ts'
import { configSamples } from './config-samples.ts'

/** Processor time of one answer of one reader to one mangled file: far above what any takes, far below what an expression that backtracks takes. */
const slowestMs = 6000
/** The same of a folder of them, and of a very large file. */
const longestMs = 20_000

/** A small generator of the same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** Ways to spoil a text. */
const mangles: Record<string, (text: string, random: () => number) => string> = {
  'cut off': (text, random) => text.slice(0, Math.floor(random() * text.length)),
  'without its beginning': (text, random) => text.slice(Math.floor(random() * text.length)),
  'with letters exchanged': (text, random) => [...text.slice(0, 20_000)].map((char) => random() < 0.03 ? String.fromCharCode(Math.floor(random() * 300)) : char).join(''),
  'with zero bytes': (text) => text.replaceAll(/[ =]/g, '\0'),
  'with CRLF and a byte order mark': (text) => `\uFEFF${text.replaceAll('\n', '\r\n')}`,
  'with lone surrogates': (text, random) => text.replaceAll(/[aeiou]/g, (char) => random() < 0.1 ? '\uD800' : char),
  'with its lines shuffled': (text, random) => text.split('\n').map((line) => [random(), line] as const).toSorted((a, b) => a[0] - b[0]).map(([, line]) => line).join('\n'),
  'with brackets opened everywhere': (text) => text.replaceAll('\n', ' {\n[(<'),
  'with huge numbers': (text) => text.replaceAll(/\d+/g, '9'.repeat(400)),
  'on one line of 300,000 characters': (text) => text.replaceAll('\n', ' ').repeat(Math.ceil(300_000 / (text.length + 1))).slice(0, 300_000),
  'with one word of 200,000 characters': (text) => text.replace(/[\w.]{3,}/, (word) => word.repeat(Math.ceil(200_000 / word.length))),
  'again and again, 40,000 characters of it': (text) => text.repeat(Math.ceil(40_000 / (text.length + 1))).slice(0, 40_000),
  'with 2,000 empty lines': (text) => `${'\n'.repeat(2000)}${text}`,
  'nested 100,000 levels': (text) => `${text}\n${'{"a":['.repeat(50_000)}`,
}

/** Lines that make a careless expression try every way there is. */
const spiteful = [
  `${' '.repeat(50_000)}x`, `"${'\\"'.repeat(30_000)}`, `${'a='.repeat(30_000)}`, `time="${'\\'.repeat(30_000)}`, `${'1.'.repeat(30_000)}`, `[${'['.repeat(30_000)}`, `${'- '.repeat(30_000)}`, `127.0.0.1 - - [${'1/'.repeat(30_000)}`,
  `${'GET '.repeat(20_000)}`, `${'error '.repeat(20_000)}timeout`, `read body ${'body '.repeat(20_000)}`, `upstream ${'upstream '.repeat(10_000)}`, `"${'a" "'.repeat(20_000)}`, `${'::1:'.repeat(20_000)}`, `${'a,b: '.repeat(20_000)}`, `Get "${'Get "'.repeat(20_000)}`,
  `${'signal: killed '.repeat(5000)}`, `${'script '.repeat(10_000)}`, `${'0, '.repeat(30_000)}- 504 504`, `${'| '.repeat(30_000)}`, `${'x'.repeat(60_000)}: ${'y'.repeat(60_000)}`, `{"log":"${'{\\"log\\":'.repeat(5000)}`,
]

/** Processor time of this process since `before` (ms): what work costs, whoever else wants the machine. */
function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

function timed<T>(work: () => T): { value: T; ms: number } {
  const before = process.cpuUsage()
  const value = work()
  return { value, ms: cpuMsSince(before) }
}

describe('configuration readers', () => {
  test('every reader has a sample, and recognises it', () => {
    expect(configReaders.map((reader) => reader.id).filter((id) => !(id in configSamples))).toEqual([])
    for (const reader of configReaders) {
      const sample = configSamples[reader.id]
      if (!sample) continue
      expect(reader.recognises(sample), reader.id).toBeGreaterThan(0.3)
      expect(reader.read(sample, []).limits.length, reader.id).toBeGreaterThan(0)
    }
  })
  test.each(configReaders.map((reader) => [reader.id, reader] as const))('%s: a spoilt file gives limits or notes with their place, soon', (id, reader) => {
    const sample = configSamples[id] ?? { file: id, text: '' }
    const random = seeded(7)
    for (const [name, mangle] of Object.entries(mangles)) {
      const file = { file: sample.file, text: mangle(sample.text, random) }
      const { value, ms } = timed(() => ({ sure: reader.recognises(file), ...reader.read(file, [file]), both: readConfigs([file]) }))
      expect(ms, `${id} ${name}`).toBeLessThan(slowestMs)
      expect(value.sure, name).toBeGreaterThanOrEqual(0)
      for (const limit of value.limits) {
        expect(limit.valueMs === null || (Number.isFinite(limit.valueMs) && limit.valueMs >= 0), `${id} ${name}: ${limit.directive} ${limit.asWritten.slice(0, 50)} is ${limit.valueMs}`).toBe(true)
        expect(limit.line === null || (limit.line >= 1 && limit.line <= file.text.split('\n').length), `${id} ${name}: line ${limit.line}`).toBe(true)
        expect(limit.asWritten.length, `${id} ${name}: ${limit.directive}`).toBeLessThan(5000)
      }
      for (const note of value.notes) expect(note.text.length, `${id} ${name}`).toBeLessThan(5000)
    }
  })
})

describe('log readers', () => {
  const samples = evidenceCases().slice(0, 400).flatMap((one, index) => {
    if (index % 9 !== 0) return []
    return filesOf(join(evidenceFolder, 'logs', one.id))
  }).slice(0, 24)

  test.each(Object.entries(mangles))('a real log %s is read to its end, soon', (name, mangle) => {
    const random = seeded(11)
    for (const sample of samples) {
      const text = mangle(sample.text.slice(0, 8000), random)
      const { ms } = timed(() => readAll(text))
      expect(ms, `${sample.file} ${name}`).toBeLessThan(slowestMs)
    }
  })
  test.each(logReaders.map((reader) => [reader.id, reader] as const))('%s: spiteful lines cost no more than others', (id, reader) => {
    for (const line of spiteful) {
      const reading = reader.open('x.log')
      const { ms } = timed(() => { reading.take({ file: 'x.log', number: 1, text: line.slice(0, 16_384), wrapperTimeMs: null, origin: null }); reading.close() })
      expect(ms, `${id}: ${line.slice(0, 20)}`).toBeLessThan(slowestMs)
    }
  })
})

describe('through the front door', () => {
  let folder = ''
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-fuzz-')) })
  afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

  test('files of any kind give an answer, and those that cannot be read a note', async () => {
    const random = seeded(3)
    const nginx = '2026/03/14 02:11:07 [error] 31#31: *88412 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.9, server: x, request: "GET / HTTP/1.1", upstream: "http://10.3.0.17:8080/", host: "x"\n'
    const given: Record<string, Buffer | string> = {
      'noise.bin': Buffer.from(Array.from({ length: 50_000 }, () => Math.floor(random() * 256))), 'empty.log': '', 'zeros.log': Buffer.alloc(10_000), 'half.gz': gzipSync(nginx.repeat(50)).subarray(0, 60), 'whole.log.gz': gzipSync(nginx),
      'wide.log': Buffer.from(`\uFEFF${nginx}`, 'utf16le'), 'deep.json': '['.repeat(100_000), 'closed.json': '['.repeat(100_000) + ']'.repeat(100_000), 'bomb.yaml': `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${String.fromCharCode(97 + index)}`).join(',')}]`).join('\n')}\napiVersion: v1\nkind: Pod\n`,
      'entities.xml': `<!DOCTYPE x [${Array.from({ length: 30 }, (_, index) => `<!ENTITY e${index} "&e${index - 1};&e${index - 1};">`).join('')}]><web-app>&e29;</web-app>`, 'line.log': `${'x'.repeat(10_000_000)}\n${nginx}`,
    }
    for (const [name, content] of Object.entries(given)) await writeFile(join(folder, name), content)
    const cpuBefore = process.cpuUsage()
    const diagnosis = await runDiagnose({ paths: [folder] })
    expect(cpuMsSince(cpuBefore)).toBeLessThan(longestMs)
    expect(diagnosis.verdict).toMatchObject({ cause: 'proxy.read', product: 'nginx' })
    const said = (name: string) => diagnosis.notes.filter((note) => note.file.endsWith(name)).map((note) => note.text).join(' ')
    expect(said('noise.bin')).toContain('binary')
    expect(said('empty.log')).toContain('empty')
    expect(said('half.gz')).toContain('could not be read to its end')
    expect(diagnosis.sources.filter((source) => /whole\.log\.gz|wide\.log/.test(source.file)).map((source) => source.facts)).toEqual([1, 1])
  })
  test('a manifest of 100,000 documents is read as far as anybody’s goes', async () => {
    await writeFile(join(folder, 'many.yaml'), `apiVersion: v1\nkind: Pod\nspec:\n  terminationGracePeriodSeconds: 7\n${'---\na: 1\n'.repeat(100_000)}`)
    const before = process.cpuUsage()
    const diagnosis = await runDiagnose({ paths: [join(folder, 'many.yaml')] })
    expect(cpuMsSince(before)).toBeLessThan(longestMs)
    expect(diagnosis.limits.find((limit) => limit.directive === 'terminationGracePeriodSeconds')?.valueMs).toBe(7000)
    expect(diagnosis.notes.map((note) => note.text)).toContain('only the first 5000 documents were read')
  })
  test('50 MB of one configuration are read within bounds, and what was left is said', async () => {
    const path = join(folder, 'huge')
    const block = '  location /a { proxy_read_timeout 30s; proxy_pass http://b; }\n'
    await writeFile(`${path}.conf`, `http {\nserver {\nlisten 80;\n${block.repeat(Math.ceil(50 * 1024 ** 2 / block.length))}}}\n`)
    const before = process.memoryUsage().rss
    const cpuBefore = process.cpuUsage()
    const diagnosis = await runDiagnose({ paths: [`${path}.conf`] })
    expect(cpuMsSince(cpuBefore)).toBeLessThan(longestMs)
    expect(process.memoryUsage().rss - before).toBeLessThan(700 * 1024 ** 2)
    expect(diagnosis.notes.some((note) => note.file.endsWith('huge.conf'))).toBe(true)
  })
})

function readAll(text: string): number {
  const log = openLog('x.log', 2026)
  let facts = 0
  for (const [index, line] of text.split('\n').entries()) facts += log.take(line, index + 1).length
  return facts + log.close().length
}

function filesOf(path: string): { file: string; text: string }[] {
  try {
    return readdirSync(path).map((file) => ({ file, text: readFileSync(join(path, file), 'utf8') }))
  } catch {
    return []
  }
}
