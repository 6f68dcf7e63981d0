/** What was read from the machine, each with a judgement: what `doctor` prints. */
export interface Reading {
  /** Stable name: `python.path`, `ulimit.address_space`, `memory.free`. */
  id: string
  group: 'python' | 'limits' | 'memory' | 'disk' | 'cgroup' | 'tools' | 'system'
  label: string
  /** For people. */
  value: string
  /** For programs; null where there is no number. */
  number: number | null
  state: 'ok' | 'warning' | 'problem'
  /** What to do; null when ok. */
  advice: string | null
}
/** `doctor --json` prints this. */
export interface Readings { schema: 'cutoff.doctor/1'; takenAt: string; readings: Reading[] }
