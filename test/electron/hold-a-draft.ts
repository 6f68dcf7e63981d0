import { createDrafts } from '../../electron/drafts.ts'

/** An engine of its own that keeps a draft and is at work until it is killed: `node hold-a-draft.ts FOLDER DRAFT`. */
const [folder = '', draft = ''] = process.argv.slice(2)
await createDrafts(folder).save(JSON.parse(draft))
console.log('kept')
setInterval(() => undefined, 60_000)
