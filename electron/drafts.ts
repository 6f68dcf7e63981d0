import { join } from 'node:path'
import type { Draft } from '../shared/bridge/contract.ts'
import { draftWith, isBlank } from '../shared/bridge/drafts.ts'
import { createAtWork } from './at-work.ts'
import { draftsFolder } from './draft-folders.ts'
import { createWindowDrafts } from './window-drafts.ts'

/** Scripts, inputs and settings of windows (`window-drafts.ts`). */
export function createDrafts(dataDir: string, atWork = createAtWork(dataDir)) {
  const drafts = createWindowDrafts<Draft>({
    unnamed: join(dataDir, 'draft.json'), folder: join(dataDir, draftsFolder), read, isBlank, join: draftWith,
    copy: ({ takenOver: _, ...draft }) => ({ ...draft, takenOver: { scripts: 0, settings: [], copied: true } }),
    damaged: (paths) => Object.assign(new Error(`What was typed last time cannot be read by this version. It was set aside as ${paths.join(' and ')}.`), { code: 'draft_damaged', where: paths[0] }),
  }, atWork)
  return { ...drafts, save: ({ window, ...draft }: Draft) => drafts.save(window ?? null, draft) }
}

function read(stored: unknown): { draft: Draft } | null {
  const { version, draft } = (stored ?? {}) as { version?: number; draft?: Draft }
  return version === 1 && typeof draft?.scriptText === 'string' ? { ...stored as object, draft } : null
}
