import { openDoor } from '../bridge.ts'
import { openDraft } from './draft-window.ts'

/**
 * The door to the engine, opened and greeted as soon as this is loaded, which is before anything else of the screen: the answers (who is
 * there, and what was typed before the last end) are there when the screen is drawn for the first time.
 */
export const door = openDoor()
export const greeting = door.call('hello')
export const earlyDraft = openDraft(door)
// Told by the screen, which asks again; here it would only be told twice.
greeting.catch(() => undefined)
earlyDraft.catch(() => undefined)
