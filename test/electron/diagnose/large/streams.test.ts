import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDiagnose } from '../../../../electron/diagnose/run-diagnose.ts'
import { largeBytes, patienceMs } from './large-file.ts'

describe('50 MB that come otherwise than as a file', () => {
  const block = '  location /a { proxy_read_timeout 30s; proxy_pass http://b; }\n'
  const nginx = `http {\nserver {\nlisten 80;\n${block.repeat(Math.ceil(largeBytes / block.length))}}}\n`
  let folder = ''
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-streams-')) })
  afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

  test('a configuration on standard input is read as far as a file of that length is', async () => {
    await writeFile(join(folder, 'nginx.conf'), nginx)
    const diagnosis = await runDiagnose({ paths: [], streams: [{ file: 'standard input', stream: createReadStream(join(folder, 'nginx.conf')) }] })
    expect(diagnosis.limits.some((limit) => limit.directive === 'proxy_read_timeout' && limit.valueMs === 30_000)).toBe(true)
    expect(diagnosis.notes.map((note) => note.text)).toContain('only the first 4 MB were read')
  }, patienceMs)
  test('so is a packed one', async () => {
    await writeFile(join(folder, 'nginx.conf.gz'), gzipSync(nginx))
    const diagnosis = await runDiagnose({ paths: [join(folder, 'nginx.conf.gz')] })
    expect(diagnosis.limits.some((limit) => limit.directive === 'proxy_read_timeout' && limit.valueMs === 30_000)).toBe(true)
    expect(diagnosis.notes.map((note) => note.text)).toContain('only the first 4 MB were read')
  }, patienceMs)
  test('text that nobody knows is a note, however many lines it has', async () => {
    const text = 'lorem ipsum dolor sit amet\n'.repeat(Math.ceil(largeBytes / 27))
    await writeFile(join(folder, 'lorem.txt'), text)
    const diagnosis = await runDiagnose({ paths: [join(folder, 'lorem.txt')] })
    expect(diagnosis.notes.map((note) => note.text)).toEqual(['is neither a configuration nor a log that is known'])
    expect(diagnosis.sources[0]?.lines).toBe(text.length / 27)
  }, patienceMs)
})
