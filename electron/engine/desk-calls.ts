import { join } from 'node:path'
import type { CallArgs, CallName, CallResult } from '../../shared/bridge/contract.ts'
import { dataFolder } from '../data-folder.ts'
import type { AtWork } from '../at-work.ts'
import { createDeskDrafts } from '../diagnose/desk-drafts.ts'
import type { createDesk } from '../diagnose/desk.ts'
import type { CallContext } from './calls.ts'

type DeskName = Extract<CallName, `desk${string}`>
type DeskHandlers = { [C in DeskName]: (...args: CallArgs<C>) => Promise<CallResult<C>> }

/** The calls of the diagnosis desk. The desk is loaded (every reader of configurations and logs with it) and opened by the first of them. */
export function deskCalls({ options, push, onClose }: Pick<CallContext, 'options' | 'push' | 'onClose'>, atWork: AtWork): DeskHandlers {
  const dataDir = options.dataDir ?? dataFolder()
  const drafts = createDeskDrafts(dataDir, atWork)
  let desk: Promise<ReturnType<typeof createDesk>> | null = null
  const opened = async () => {
    desk ??= import('../diagnose/desk.ts').then((module) => module.createDesk(join(dataDir, 'desk'), (status) => push('desk', status), async () => { await atWork.mark(); return atWork.isAlone() }))
    return (await desk).opened()
  }
  onClose(async () => { await (await desk)?.close() })
  return {
    deskStatus: async () => (await opened()).status(),
    deskResult: async () => (await opened()).result(),
    deskAdd: async (paths, role) => { await (await opened()).add(paths, role); return null },
    deskBegin: async (name, role) => (await opened()).begin(name, role),
    deskSend: async (id, base64) => { await (await opened()).send(id, base64); return null },
    deskFinish: async (id) => { await (await opened()).finish(id); return null },
    deskPaste: async (name, text, role) => { await (await opened()).paste(name, text, role); return null },
    deskDraft: async (draft, window) => { await drafts.save(window, draft); return null },
    // The desk's folder is nobody else's business; opening the desk makes it so.
    deskOpenDraft: async (window) => { await opened(); return drafts.open(window) },
    deskExample: async () => { await (await opened()).example(); return null },
    deskFollow: async (path, from) => { await (await opened()).follow(path, from); return null },
    deskUnfollow: async (id) => { await (await opened()).unfollow(id); return null },
    deskRemove: async (ids) => { await (await opened()).remove(ids); return null },
    deskRestore: async (ids) => { await (await opened()).restore(ids); return null },
    deskReread: async (id) => { await (await opened()).reread(id); return null },
    deskCancel: async () => { await (await opened()).cancel(); return null },
    deskAsk: async (question) => { await (await opened()).ask(question); return null },
    deskExcerpt: async (file, line) => (await opened()).excerpt(file, line),
  }
}
