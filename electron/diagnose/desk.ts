import { randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { DeskExcerpt, DeskQuestion, DeskResult, DeskRole, DeskStatus } from '../../shared/bridge/desk.ts'
import { exampleFiles } from '../../shared/samples/diagnose/index.ts'
import { newEntry, pathOfSource, toInput, uniqueName, type DeskEntry } from './desk-entry.ts'
import { followEntry, judgeDesk, parseQuestion, readEntry } from './desk-reader.ts'
import { createDeskStore, type KeptInput } from './desk-store.ts'
import { readExcerpt } from './excerpt.ts'
import { hugeBytes } from './read-input.ts'
import { DiagnoseError } from './run-diagnose.ts'

const exampleFolder = join(import.meta.dirname, '../../shared/samples/diagnose')
/** Changes are told at most this often, ms. */
const tellEveryMs = 50
const mostInputs = 500
/** After judging a lot the next judgement waits, at most so long, ms. */
const longestPauseMs = 1000
/** Content from a page is kept on this machine: more than this belongs into a file that is named by its path. */
const mostSentBytes = 8 * 1024 ** 3

/** Two of one path are the same file. */
const isNamedByPath = ({ origin }: KeptInput) => origin === 'path' || origin === 'followed'

/**
 * The diagnosis desk: what a screen has put on it, read in the order it came, and diagnosed anew whenever that changes. It lives in the
 * engine, so that it outlasts a page; it is kept in `folder`, so that it outlasts the engine.
 */
export function createDesk(folder: string, tell: (status: DeskStatus) => void, isAlone = async () => true) {
  const store = createDeskStore(folder, isAlone)
  let entries: DeskEntry[] = []
  const removed = new Map<string, DeskEntry>()
  const arriving = new Map<string, { kept: KeptInput; bytes: number }>()
  const followers = new Set<Promise<void>>()
  let question: DeskQuestion = { text: '', picked: null }
  let busy: DeskStatus['busy'] = null
  let result: DeskResult = { version: 0, diagnosis: null, requests: [], requestsTotal: 0 }
  let kinds: ReadonlyMap<string, string> = new Map()
  let stale = false
  let notice: string | null = null
  let working: Promise<void> | null = null
  let reader: AbortController | null = null
  let timer: NodeJS.Timeout | null = null
  let closed = false
  let opening: Promise<void> | null = null

  const status = (): DeskStatus => ({ inputs: entries.map((entry) => toInput(entry, kinds)), question, busy, notice, version: result.version })
  const changed = () => { timer ??= setTimeout(() => { timer = null; if (!closed) tell(status()) }, tellEveryMs) }
  const save = () => store.save({ inputs: entries.map((entry) => ({ ...entry.kept, following: entry.state === 'following' })), question })
  const entryOf = (id: string): DeskEntry => {
    const entry = entries.find((candidate) => candidate.kept.id === id)
    if (!entry) throw new DiagnoseError('not_on_desk', 'that is not on the desk any more')
    return entry
  }
  const nextName = (name: string) => uniqueName(name, [...entries, ...arriving.values()].map(({ kept }) => kept.name))

  /** Reads what waits, then judges; again while something changed meanwhile. */
  const work = async (): Promise<void> => {
    while (!closed && (stale || entries.some((entry) => entry.state === 'waiting'))) {
      const next = entries.find((entry) => entry.state === 'waiting')
      if (next) {
        reader = new AbortController()
        await readEntry(next, store, question, reader.signal, (now) => { busy = now; changed() })
        stale = true
        continue
      }
      busy = null
      stale = false
      const began = performance.now()
      result = { version: result.version + 1, ...judgeDesk(entries, question) }
      kinds = new Map(result.diagnosis?.sources.map((source) => [source.file, source.kind]))
      changed()
      // A followed log may grow faster than it is judged: everything else has three quarters of the time.
      await new Promise((done) => { setTimeout(done, Math.min(longestPauseMs, (performance.now() - began) * 3)) })
    }
    busy = null
    reader = null
    changed()
  }
  const wake = () => {
    changed()
    working ??= work().finally(() => { working = null; if (stale && !closed) wake() })
  }
  const follow = (entry: DeskEntry) => {
    const done = followEntry(entry, (facts) => { if (facts) { stale = true; wake() } else changed() }).finally(() => followers.delete(done))
    followers.add(done)
    stale = true
    wake()
  }
  const open = () => opening ??= (async () => {
    const kept = await store.load()
    question = kept.question
    notice = kept.notice
    // Two engines may have given the same name.
    for (const input of kept.inputs) entries.push(newEntry(isNamedByPath(input) ? input : { ...input, name: nextName(input.name) }))
    for (const entry of entries) if (entry.kept.origin === 'followed' && entry.kept.following) follow(entry)
    if (entries.length > 0) wake()
  })()
  const put = async (kept: KeptInput, bytes: number) => {
    entries.push(newEntry(kept, bytes))
    await save()
    wake()
  }
  const room = () => { if (entries.length >= mostInputs) throw new DiagnoseError('desk_full', `there are ${mostInputs} inputs on the desk`, { hint: 'add a folder instead of its files' }) }
  const newInput = (name: string, origin: KeptInput['origin'], role: DeskRole, path: string | null): KeptInput => ({ id: randomUUID(), name, origin, role, path, from: 'start', following: false })

  const calls = {
    async status(): Promise<DeskStatus> { return status() },
    async result(): Promise<DeskResult> { return result },
    async add(paths: readonly string[], role: DeskRole): Promise<void> {
      for (const path of paths) {
        room()
        const full = resolve(path)
        const same = entries.find((entry) => entry.kept.origin === 'path' && entry.kept.path === full && entry.kept.role === role)
        // What is there already is read again: its file may have changed.
        if (same) { same.state = 'waiting'; wake(); continue }
        await put(newInput(full, 'path', role, full), await stat(full).then((found) => found.isFile() ? found.size : 0, () => 0))
      }
    },
    async begin(name: string, role: DeskRole): Promise<{ id: string }> {
      room()
      const kept = newInput(nextName(name), 'sent', role, null)
      arriving.set(kept.id, { kept, bytes: 0 })
      await store.begin(kept.id)
      return { id: kept.id }
    },
    async send(id: string, base64: string): Promise<void> {
      const item = arriving.get(id)
      if (!item) throw new DiagnoseError('not_arriving', 'that content is not expected', { hint: 'add the file again' })
      const piece = Buffer.from(base64, 'base64')
      item.bytes += piece.length
      if (item.bytes > mostSentBytes) throw new DiagnoseError('too_large', `${item.kept.name} is larger than 8 GB`, { hint: 'add it by its path' })
      await store.append(id, piece)
    },
    async finish(id: string): Promise<void> {
      const item = arriving.get(id)
      if (!item) throw new DiagnoseError('not_arriving', 'that content is not expected', { hint: 'add the file again' })
      arriving.delete(id)
      await store.sync(id)
      await put(item.kept, item.bytes)
    },
    async paste(name: string, text: string, role: DeskRole): Promise<void> {
      room()
      const kept = newInput(nextName(name), 'pasted', role, null)
      await store.write(kept.id, text)
      await put(kept, Buffer.byteLength(text))
    },
    async example(): Promise<void> {
      for (const { file, name } of exampleFiles) {
        if (entries.some((entry) => entry.kept.origin === 'example' && entry.kept.path === file)) continue
        const kept = newInput(nextName(name), 'example', 'source', file)
        // A copy: a packaged app keeps its own files in an archive, of which only whole files are read.
        const text = await readFile(join(exampleFolder, file), 'utf8')
        await store.write(kept.id, text)
        entries.push(newEntry(kept, Buffer.byteLength(text)))
      }
      await save()
      wake()
    },
    async follow(path: string, from: 'start' | 'end'): Promise<void> {
      const full = resolve(path)
      const known = entries.find((entry) => entry.kept.origin === 'followed' && entry.kept.path === full)
      known?.follower?.abort()
      if (!known) room()
      const entry = known ?? newEntry(newInput(full, 'followed', 'source', full))
      entry.kept.from = from
      if (!known) entries.push(entry)
      follow(entry)
      await save()
    },
    async unfollow(id: string): Promise<void> {
      const entry = entryOf(id)
      entry.follower?.abort()
      Object.assign(entry, { follower: null, state: entry.kept.origin === 'followed' ? 'stopped' : entry.state })
      await save()
      changed()
    },
    async remove(ids: readonly string[]): Promise<void> {
      for (const id of ids) {
        if (arriving.delete(id)) await store.drop(id)
        const entry = entries.find((candidate) => candidate.kept.id === id)
        if (!entry) continue
        if (entry.state === 'reading') reader?.abort()
        entry.follower?.abort()
        if (entry.kept.origin === 'followed') entry.state = 'stopped'
        removed.set(id, entry)
      }
      entries = entries.filter((entry) => !removed.has(entry.kept.id))
      stale = true
      await save()
      wake()
    },
    async restore(ids: readonly string[]): Promise<void> {
      for (const id of ids) {
        const entry = removed.get(id)
        if (!entry || !removed.delete(id)) continue
        // Another input may have its name by now: then its lines have to be read under a new one.
        const name = isNamedByPath(entry.kept) ? entry.kept.name : nextName(entry.kept.name)
        if (name !== entry.kept.name) { entry.kept.name = name; entry.collected = null }
        entries.push(entry)
        if (entry.kept.origin === 'followed') follow(entry)
        else if (entry.collected === null) entry.state = 'waiting'
      }
      stale = true
      await save()
      wake()
    },
    async reread(id: string): Promise<void> {
      const entry = entryOf(id)
      if (entry.kept.origin === 'followed') { entry.follower?.abort(); follow(entry); await save() }
      else { entry.state = 'waiting'; wake() }
    },
    async cancel(): Promise<void> {
      for (const entry of entries) if (entry.state === 'waiting') entry.state = 'canceled'
      reader?.abort()
      wake()
    },
    async ask(next: DeskQuestion): Promise<void> {
      const before = parseQuestion(question)
      const after = parseQuestion(next)
      const other = before.request !== after.request || before.aroundMs !== after.aroundMs
      question = next
      if (other) for (const entry of entries) if (entry.state === 'read' && entry.files.some((file) => file.bytes > hugeBytes)) entry.state = 'waiting'
      stale = true
      await save()
      wake()
    },
    async excerpt(file: string, line: number): Promise<DeskExcerpt | null> {
      const path = pathOfSource(file, entries)
      const lines = path === null ? [] : await readExcerpt(path, line).catch(() => [])
      return lines.length === 0 ? null : { file, lines }
    },
  }
  return {
    /** Every call finds the desk as it was left. */
    async opened(): Promise<typeof calls> { await open(); return calls },
    async close(): Promise<void> {
      closed = true
      if (timer) clearTimeout(timer)
      reader?.abort()
      for (const entry of entries) entry.follower?.abort()
      await Promise.allSettled([...followers, ...(working ? [working] : [])])
      for (const id of [...removed.keys(), ...arriving.keys()]) await store.drop(id)
    },
  }
}
