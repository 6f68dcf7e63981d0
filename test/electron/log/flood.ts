import { createLogStore } from '../../../electron/log/log-store.ts'
import { searchToEnd } from './search-to-end.ts'

/**
 * A process that writes a log, for tests that fill its disk or kill it: `flood.ts DIR LINES`. Reports as JSON lines; each line of
 * the log has 100 bytes and begins with its number.
 */
const [dir = '', lines = '0'] = process.argv.slice(2)
const store = createLogStore({ dir })
for (let first = 0; first < Number(lines); first += 1000) {
  const chunk = Array.from({ length: 1000 }, (_, index) => `${first + index} `.padEnd(99, '.')).join('\n')
  store.appendOutput('stdout', Buffer.from(`${chunk}\n`), first)
  await new Promise((resolve) => setImmediate(resolve))
  if (first % 100_000 === 0) console.log(JSON.stringify({ printed: first + 1000 }))
}
await store.end()
const warning = (await searchToEnd(store, { text: '', regex: false, sources: ['cutoff'] })).rows
const last = store.lineCount - 1
console.log(JSON.stringify({ lineCount: store.lineCount, first: await store.rows(0, 2), middle: await store.rows(Math.floor(last / 2), 1), last: await store.rows(last, 1), warning }))
await store.close()
