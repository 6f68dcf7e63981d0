import type { HarnessProcess } from './harness-process.ts'
import type { ControlMessage } from './messages.ts'

/** A harness that has been started for a run, or was kept warm for it. */
export interface ReadyHarness {
  process: HarnessProcess
  /** Begins every line of its facts. */
  nonce: string
  /** Was it ready before the run began? */
  warm: boolean
  /** Calls back with every message of the control channel, those that came before included. */
  onControl(listener: (message: ControlMessage) => void): void
  /** To be added to the harness's instants; known for a warm one, found from its first message for a cold one. */
  offset: { ns: bigint }
}
