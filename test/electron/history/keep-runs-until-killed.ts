import { join } from 'node:path'
import { openHistory } from '../../../electron/history/history.ts'
import { createLogStore } from '../../../electron/log/log-store.ts'
import { runOf } from './kept-runs.ts'

/** Keeps run after run in the history of a folder and prints the id of each once it is acknowledged; clears away and removes in between. */
const [folder = '', prefix = ''] = process.argv.slice(2)
const history = await openHistory({ dir: folder })
for (let index = 0; ; index++) {
  const id = `${prefix}-${index}`
  const log = createLogStore({ dir: join(folder, 'live', id) })
  log.appendOutput('stdout', Buffer.from(`printed by ${id}\n`.repeat(500)), 1)
  await log.end()
  const added = await history.add(runOf('cut', id), log)
  if (!added.kept) throw new Error(added.problem)
  process.stdout.write(`${id}\n`)
  if (index % 7 === 0) await history.pin(id, true)
  if (index % 5 === 4) await history.remove([`${prefix}-${index}`]).then((ids) => history.restore(ids))
  await log.remove()
}
