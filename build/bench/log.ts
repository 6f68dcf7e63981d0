import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogStore, type LogStore } from '../../electron/log/log-store.ts'
import { figure, quantile, type Figure } from './figure.ts'

/** A process that writes short lines as fast as it can: the reader is what is measured, not Python's print. */
const writer = 'const part = Array.from({ length: 1000 }, (_, i) => `line ${i} of the output`).join("\\n") + "\\n"; let left = Number(process.argv[1]) / 1000; const go = () => { while (left-- > 0) if (!process.stdout.write(part)) return process.stdout.once("drain", go) }; go()'
const pairs = 5

/** The log store: taking in, beside reading the same pipe raw; searching ten million lines. */
export async function benchLog(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-bench-'))
  try {
    return [...await benchIntake(folder), ...await benchSearch(folder)]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function benchIntake(folder: string): Promise<Figure[]> {
  const lines = 1_000_000
  const ratios: number[] = []
  let grewBytes = 0
  for (let pair = 0; pair <= pairs; pair++) {
    const rawMs = await readPipe(lines, () => {})
    const store = createLogStore({ dir: join(folder, `intake${pair}`) })
    const before = process.memoryUsage().rss
    const startedAt = performance.now()
    const storedMs = await readPipe(lines, (chunk) => store.appendOutput('stdout', chunk, performance.now() - startedAt))
    grewBytes = Math.max(grewBytes, process.memoryUsage().rss - before)
    if (store.lineCount !== lines) throw new Error(`${store.lineCount} of ${lines} lines arrived in the log`)
    await store.remove()
    if (pair > 0) ratios.push(rawMs / storedMs) // the first pair only warms up
  }
  return [
    figure('log store: 1 M lines beside the raw pipe', quantile(ratios, 0.5), 'x', '>= 0.5', `median of ${pairs} pairs, alternating: a process writes 1 M lines into a pipe that is read raw by Node, then into the log store`),
    figure('log store: memory for 1 M lines', grewBytes / 1024 ** 2, 'MB', null, 'largest growth of resident memory over the runs above'),
  ]
}

function readPipe(lines: number, take: (chunk: Buffer) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const child = spawn(process.execPath, ['-e', writer, String(lines)], { stdio: ['ignore', 'pipe', 'inherit'] })
    child.once('error', reject)
    child.stdout.on('data', take)
    child.once('close', () => resolve(performance.now() - startedAt))
  })
}

async function benchSearch(folder: string): Promise<Figure[]> {
  const lines = 10_000_000
  const store = createLogStore({ dir: join(folder, 'search') })
  await fill(store, lines)
  const expression = { text: 'value=1234\\d5$', regex: true, sources: null }
  const text = { text: 'VALUE=123455', regex: false, sources: null }
  const searched = await timed(() => search(store, expression))
  const found = await timed(() => search(store, text))
  const page = await timed(() => store.query({ from: 3, count: 100, filter: expression }))
  const rows = await timed(() => store.rows(lines / 2, 100))
  await store.remove()
  const how = `${lines.toLocaleString('en')} lines of about 55 bytes in the log; one search of all of it in the search thread`
  return [
    figure('log: regular expression over 10 M lines', searched / 1000, 's', '<= 5', how),
    figure('log: text over 10 M lines', found / 1000, 's', '<= 5', how),
    figure('log: a page of matches', page, 'ms', '<= 50', '100 rows of a search that is done'),
    figure('log: a page of rows', rows, 'ms', '<= 50', '100 rows in the middle of 10 M lines'),
  ]
}

async function fill(store: LogStore, lines: number): Promise<void> {
  for (let first = 0; first < lines; first += 2000) {
    const part = Array.from({ length: 2000 }, (_, index) => `line ${first + index} of a long output, value=${((first + index) * 7919) % 1_000_003}\n`).join('')
    store.appendOutput('stdout', Buffer.from(part), first / 1000)
    if (first % 200_000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await store.end()
}

async function search(store: LogStore, filter: { text: string; regex: boolean; sources: null }): Promise<void> {
  for (;;) {
    const page = await store.query({ from: 0, count: 100, filter })
    if (page.error !== null || (!page.scanning && page.total === 0)) throw new Error(page.error ?? 'the search found nothing')
    if (!page.scanning) return
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
