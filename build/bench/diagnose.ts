import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import type { Diagnosis } from '../../shared/diagnose/diagnosis.ts'
import { figure, quantile, type Figure } from './figure.ts'

const fileBytes = 1024 ** 3
const blockLines = 20_000
/** Where the one bad request stands, as a share of the file. */
const culpritAt = 0.6
const culpritPath = '/api/transform/culprit'
const pairs = 3
const root = join(import.meta.dirname, '../..')

/** A process's own wall time and peak memory, the program's start included. */
interface Measured { ms: number; rssBytes: number; stdout: string }

/** One bad request in a gigabyte of good ones: time beside `grep -c` on the same file, and memory. */
export async function benchDiagnose(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  try {
    const file = join(folder, 'access.log')
    const { lines, culpritLine } = await writeAccessLog(file)
    const ratios: number[] = []
    const rates: number[] = []
    let rssBytes = 0
    for (let pair = 0; pair <= pairs; pair++) {
      const grepMs = await grep(file)
      const own = await diagnose(file)
      expectCulprit(JSON.parse(own.stdout) as Diagnosis, `${file}:${culpritLine}`)
      if (pair === 0) continue // reads the file into the page cache
      ratios.push(grepMs / own.ms)
      rates.push(lines / (own.ms / 1000))
      rssBytes = Math.max(rssBytes, own.rssBytes)
    }
    const how = `median of ${pairs} pairs, alternating, each a process of its own: an access log of 1 GB (${lines.toLocaleString('en')} lines) with one 504 in it`
    return [
      figure('diagnose: 1 GB access log beside grep -c', quantile(ratios, 0.5), 'x', '>= 0.2', `${how}; grep -c ' 504 ' beside cutoff diagnose, which names the line and the cause`),
      figure('diagnose: lines of a 1 GB access log', quantile(rates, 0.5) / 1e6, 'M lines/s', null, how),
      figure('diagnose: memory for a 1 GB access log', rssBytes / 1024 ** 2, 'MB', '<= 256', 'largest resident memory of the process over the runs above'),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function expectCulprit(diagnosis: Diagnosis, place: string): void {
  const found = diagnosis.verdict.evidence.some((item) => item.ref?.includes(place))
  if (diagnosis.verdict.cause !== 'proxy.read' || !found) throw new Error(`the bad request at ${place} was not found: ${diagnosis.verdict.headline}`)
}

/** Lines as nginx writes them with its upstream times behind the combined format. */
async function writeAccessLog(file: string): Promise<{ lines: number; culpritLine: number }> {
  const block = Buffer.from(Array.from({ length: blockLines }, (_, index) => lineOf(index)).join(''))
  const blocks = Math.ceil(fileBytes / block.length)
  const before = Math.floor(blocks * culpritAt)
  const out = createWriteStream(file)
  for (let index = 0; index < blocks; index++) {
    if (index === before) out.write(culprit)
    if (!out.write(block)) await once(out, 'drain')
  }
  await new Promise<void>((resolve, reject) => { out.once('error', reject).end(() => { resolve() }) })
  return { lines: blocks * blockLines + 1, culpritLine: before * blockLines + 1 }
}

const agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36'
const culprit = `10.9.9.9 - - [17/Jun/2026:03:12:44 +0000] "POST ${culpritPath} HTTP/1.1" 504 167 "-" "${agent}" rt=60.001 uct=0.001 uht=- urt=60.000 us="504" ua="10.0.0.7:8080"\n`

function lineOf(index: number): string {
  const spread = (index * 7919) % 997
  const seconds = (spread / 2500).toFixed(3)
  const time = `17/Jun/2026:0${Math.floor(index / 7200)}:${String(Math.floor(index / 120) % 60).padStart(2, '0')}:${String(Math.floor(index / 2) % 60).padStart(2, '0')} +0000`
  // One in forty is a wrong path or a missing login: ordinary, and nobody's cut.
  const status = index % 40 === 0 ? 404 : index % 53 === 0 ? 401 : index % 9 === 0 ? 304 : 200
  return `10.1.${index % 256}.${spread % 256} - - [${time}] "GET /api/items/${spread * 37}?page=${index % 20} HTTP/1.1" ${status} ${spread * 91} "-" "${agent}" rt=${seconds} uct=0.000 uht=${seconds} urt=${seconds} us="${status}" ua="10.0.0.7:8080"\n`
}

async function grep(file: string): Promise<number> {
  const startedAt = performance.now()
  await run('grep', ['-c', ' 504 ', file])
  return performance.now() - startedAt
}

/** The command as a user starts it; peak memory is what the kernel says of the process. */
async function diagnose(file: string): Promise<Measured> {
  const startedAt = performance.now()
  const { stdout, stderr } = await run(process.execPath, ['--disable-warning=ExperimentalWarning', '--import', rssReporter, join(root, 'electron/hosts/cli.js'), 'diagnose', file, '--json'])
  return { ms: performance.now() - startedAt, rssBytes: Number(/peak-rss-kib=(\d+)/.exec(stderr)?.[1] ?? Number.NaN) * 1024, stdout }
}

/** The peak of the program's own memory: `maxRSS` begins with that of the process it was forked from. */
const rssReporter = `data:text/javascript,${encodeURIComponent(`import { existsSync, readFileSync } from 'node:fs'
process.on('exit', () => {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : ''
  process.stderr.write('peak-rss-kib=' + (/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS) + '\\n')
})`)}`

function run(program: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 64 * 1024 ** 2 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} failed: ${stderr || error.message}`))
      else resolve({ stdout, stderr })
    })
  })
}
