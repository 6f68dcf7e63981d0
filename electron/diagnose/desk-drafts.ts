import { join } from 'node:path'
import type { DeskDraft } from '../../shared/bridge/desk.ts'
import { deskDraftWith, isBlankDraft } from '../../shared/bridge/desk-drafts.ts'
import type { AtWork } from '../at-work.ts'
import { deskDraftsFolder } from '../draft-folders.ts'
import { createWindowDrafts } from '../window-drafts.ts'

/** What stands in the forms of the desk, in each window (`window-drafts.ts`). */
export function createDeskDrafts(dataDir: string, atWork: AtWork) {
  return createWindowDrafts<DeskDraft>({
    unnamed: join(dataDir, 'desk', 'draft.json'), folder: join(dataDir, deskDraftsFolder), read, isBlank: isBlankDraft, join: deskDraftWith,
    damaged: (paths) => Object.assign(new Error(`What was typed under Diagnose last time cannot be read by this version. It was set aside as ${paths.join(' and ')}.`), { code: 'draft_damaged', where: paths[0] }),
  }, atWork)
}

/** Those of older versions stand in their file as they are. */
function read(stored: unknown): { draft: DeskDraft } | null {
  if (typeof stored !== 'object' || stored === null) return null
  const draft = 'draft' in stored ? stored.draft as Partial<DeskDraft> | null : stored as Partial<DeskDraft>
  if (typeof draft?.text !== 'string' || typeof draft.name !== 'string') return null
  return { ...stored, draft: { ...draft, name: draft.name, text: draft.text, role: draft.role === 'saw' ? 'saw' : 'source' } }
}
