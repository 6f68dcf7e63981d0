import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runDiagnose } from '../../../electron/diagnose/run-diagnose.ts'

const lineCount = 160_000
const culpritLine = 91_234

/** More than 16 MB: only lines of interest are decoded. Every tenth line is a wrong path, which is nobody’s cut. */
function logOf(ordinary: (index: number) => string, culprit: string): string {
  return Array.from({ length: lineCount }, (_, index) => index + 1 === culpritLine ? culprit : ordinary(index)).join('\n')
}

const time = '14/Mar/2026:02:11:07 +0000'
const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0'

describe('a log too long to be decoded whole', () => {
  let folder = ''
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-huge-')) })
  afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

  const kinds: Record<string, { text: string; cause: string }> = {
    'nginx access log': { cause: 'proxy.read', text: logOf((index) => `10.0.0.${index % 250} - - [${time}] "GET /api/items/${index} HTTP/1.1" ${index % 10 === 0 ? 404 : 200} 512 "-" "${agent}" rt=0.012 uct=0.000 uht=0.012 urt=0.012 us="200"`, `10.0.0.1 - - [${time}] "POST /culprit HTTP/1.1" 504 167 "-" "${agent}" rt=60.001 uct=0.000 uht=- urt=60.000 us="504"`) },
    'HAProxy log': { cause: 'proxy.read', text: logOf((index) => `Mar 14 02:11:07 lb haproxy[9]: 10.0.0.${index % 250}:4000 [14/Mar/2026:02:11:07.012] fe be/s${index % 4} 0/0/1/9/${index % 300} ${index % 10 === 0 ? 404 : 200} 512 - - ---- 9/9/0/0/0 0/0 "GET /api/items/${index} HTTP/1.1"`, 'Mar 14 02:11:07 lb haproxy[9]: 10.0.0.1:4000 [14/Mar/2026:02:11:07.012] fe be/s1 0/0/1/-1/30002 504 198 - - sH-- 9/9/0/0/0 0/0 "GET /culprit HTTP/1.1"') },
    'Go service log': { cause: 'proxy.refused', text: logOf((index) => `time="2026-03-14T02:11:07Z" level=info msg="request served" path=/api/items/${index} took=${index % 300}ms component=handler pod=api-7d9f6c`, 'time="2026-03-14T02:11:07Z" level=error msg="http: proxy error: dial tcp 10.3.0.17:8080: connect: connection refused"') },
    'access log with many failures of another kind': { cause: 'client.canceled', text: logOf((index) => `10.0.0.${index % 250} - - [${time}] "GET /api/items/${index} HTTP/1.1" ${index % 3 === 0 ? 500 : 200} 512 "-" "${agent}"`, `10.0.0.1 - - [${time}] "POST /culprit HTTP/1.1" 499 0 "-" "${agent}"`) },
  }

  test.each(Object.entries(kinds))('%s: the one bad entry is found with its line', async (name, { text, cause }) => {
    const path = join(folder, 'app.log')
    await writeFile(path, text)
    expect(text.length, name).toBeGreaterThan(16 * 1024 ** 2)
    const diagnosis = await runDiagnose({ paths: [path] })
    expect(diagnosis.verdict.cause).toBe(cause)
    expect(diagnosis.verdict.evidence.map((item) => item.ref).join(' ')).toContain(`app.log:${culpritLine}`)
    expect(diagnosis.sources[0]?.lines).toBe(lineCount)
  })
})
