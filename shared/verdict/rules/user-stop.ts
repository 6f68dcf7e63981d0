import type { Run } from '../../run/fold-run.ts'
import type { Rule } from '../finding.ts'
import { cpuAdvice } from '../time-split.ts'
import { eventEvidence, exactMs, formatMs, present, scriptDoing, stackEvidence } from '../words.ts'

/** The user pressed Stop: the client left on purpose. */
export const userStop: Rule<Run> = {
  name: 'user-stop',
  find(run) {
    if (!run.stop) return []
    return [{
      cause: 'client.canceled', limitId: null, atMs: run.stop.atMs, confidence: 0.99,
      headline: `You stopped the run after ${formatMs(run.stop.atMs)}, while ${scriptDoing(run, run.stop.atMs)}.`,
      explanation: 'The client left because Stop was pressed; no limit was involved.',
      evidence: present([eventEvidence(`Stop was pressed at ${exactMs(run.stop.atMs)}`, run.stop), stackEvidence(run, run.stop.atMs)]),
      fix: present([cpuAdvice(run)]),
    }]
  },
}
