import type { DiagnosisFinding } from '../finding.ts'
import type { Scene } from '../scene.ts'
import { allAnswered } from './all-answered.ts'
import { clientLimit } from './client-limit.ts'
import { configAndTime } from './config-and-time.ts'
import { logSigns } from './log-signs.ts'
import { observerGaveUp } from './observer-gave-up.ts'
import { lostWrite } from './lost-write.ts'
import { nextHop } from './next-hop.ts'
import { ownDestroy } from './own-destroy.ts'
import { theView } from './the-view.ts'

/** A rule over one request's scene. */
export interface SceneRule { name: string; find(scene: Scene): DiagnosisFinding[] }

/** Every rule about systems that were not run here. Grow by adding a file and a line; order does not matter. */
export const sceneRules: readonly SceneRule[] = [logSigns, lostWrite, nextHop, ownDestroy, observerGaveUp, clientLimit, configAndTime, theView, allAnswered]
