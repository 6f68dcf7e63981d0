import { create } from 'zustand'
import type { DeskRole } from '../../shared/bridge/desk.ts'
import type { NamedFile } from '../ui/dropped-files.ts'
import { announce } from './announcer.ts'
import { atDesk } from './diagnose.ts'
import { call } from './engine.ts'

/** Bytes per piece: the page never holds more of a file than two of these. */
const pieceBytes = 1024 ** 2

/** Files on their way to the engine. */
export const useSending = create<{ sending: { name: string; sent: number; total: number } | null; waiting: number }>(() => ({ sending: null, waiting: 0 }))

let canceled = false
export function cancelSending(): void {
  canceled = true
}

/** Sends the content of files piece by piece; the desk reads each as soon as it is there. */
export async function sendFiles(files: readonly NamedFile[], role: DeskRole = 'source'): Promise<void> {
  if (files.length === 0) return
  canceled = false
  for (const [index, named] of files.entries()) {
    if (canceled) break
    useSending.setState({ sending: { name: named.name, sent: 0, total: named.file.size }, waiting: files.length - index - 1 })
    if (!await atDesk(() => sendOne(named, role))) break
  }
  useSending.setState({ sending: null, waiting: 0 })
  announce(canceled ? 'Sending was cancelled' : `${files.length} ${files.length === 1 ? 'file' : 'files'} added`)
}

async function sendOne({ name, file }: NamedFile, role: DeskRole): Promise<void> {
  const { id } = await call('deskBegin', name, role)
  try {
    let next = base64Of(file.slice(0, pieceBytes))
    for (let at = 0; at < file.size && !canceled; at += pieceBytes) {
      const piece = await next
      // The next piece is read while this one travels.
      next = base64Of(file.slice(at + pieceBytes, at + 2 * pieceBytes))
      next.catch(() => undefined)
      await call('deskSend', id, piece)
      useSending.setState((state) => ({ sending: state.sending && { ...state.sending, sent: Math.min(file.size, at + pieceBytes) } }))
    }
    if (canceled) await call('deskRemove', [id])
    else await call('deskFinish', id)
  } catch (error) {
    // Half a file is of no use to anybody.
    await call('deskRemove', [id]).catch(() => undefined)
    throw error
  }
}

/** The bytes as base64, by the browser's own encoder. */
function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => { const url = String(reader.result); resolve(url.slice(url.indexOf(',') + 1)) })
    reader.addEventListener('error', () => reject(new Error(`it cannot be read: ${reader.error?.message ?? 'unknown reason'}`)))
    reader.readAsDataURL(blob)
  })
}
