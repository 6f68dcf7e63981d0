import { join } from 'node:path'
import type { CallArgs, CallName, CallResult } from '../../shared/bridge/contract.ts'
import { dataFolder } from '../data-folder.ts'
import { createDesk } from '../diagnose/desk.ts'
import type { CallContext } from './calls.ts'

type DeskName = Extract<CallName, `desk${string}`>
type DeskHandlers = { [C in DeskName]: (...args: CallArgs<C>) => Promise<CallResult<C>> }

/** The calls of the diagnosis desk. The desk is opened by the first of them. */
export function deskCalls({ options, push, onClose }: Pick<CallContext, 'options' | 'push' | 'onClose'>): DeskHandlers {
  const desk = createDesk(join(options.dataDir ?? dataFolder(), 'desk'), (status) => push('desk', status))
  onClose(() => desk.close())
  return {
    deskStatus: async () => (await desk.opened()).status(),
    deskResult: async () => (await desk.opened()).result(),
    deskAdd: async (paths, role) => { await (await desk.opened()).add(paths, role); return null },
    deskBegin: async (name, role) => (await desk.opened()).begin(name, role),
    deskSend: async (id, base64) => { await (await desk.opened()).send(id, base64); return null },
    deskFinish: async (id) => { await (await desk.opened()).finish(id); return null },
    deskPaste: async (name, text, role) => { await (await desk.opened()).paste(name, text, role); return null },
    deskDraft: async (draft) => { await (await desk.opened()).draft(draft); return null },
    deskExample: async () => { await (await desk.opened()).example(); return null },
    deskFollow: async (path, from) => { await (await desk.opened()).follow(path, from); return null },
    deskUnfollow: async (id) => { await (await desk.opened()).unfollow(id); return null },
    deskRemove: async (ids) => { await (await desk.opened()).remove(ids); return null },
    deskRestore: async (ids) => { await (await desk.opened()).restore(ids); return null },
    deskReread: async (id) => { await (await desk.opened()).reread(id); return null },
    deskCancel: async () => { await (await desk.opened()).cancel(); return null },
    deskAsk: async (question) => { await (await desk.opened()).ask(question); return null },
    deskExcerpt: async (file, line) => (await desk.opened()).excerpt(file, line),
  }
}
