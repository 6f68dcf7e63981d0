import type { Run } from '../../run/fold-run.ts'
import type { Rule } from '../finding.ts'
import { eventEvidence, logEvidence, present } from '../words.ts'

/** Checks the connector makes before it starts anything: interpreter and file. */
export const preflight: Rule<Run> = {
  name: 'preflight',
  find(run) {
    const failed = run.checks.find((check) => !check.ok && (check.name === 'python.not_found' || check.name === 'python.unusable' || check.name === 'script.not_accessible'))
    if (!failed) return []
    const cause = failed.name as 'python.not_found' | 'python.unusable' | 'script.not_accessible'
    return [{
      cause, limitId: null, atMs: failed.atMs, confidence: 0.99,
      headline: headlines[cause](failed.detail),
      explanation: 'Nothing was started: the connector checks this before the script.',
      evidence: present([eventEvidence(failed.detail, failed), logEvidence(run, /not found|not accessible|unusable/)]),
      fix: fixes[cause],
    }]
  },
}

const headlines = {
  'python.not_found': (detail: string) => `The connector found no Python: ${detail}.`,
  'python.unusable': (detail: string) => `The connector found a Python that does not work: ${detail}.`,
  'script.not_accessible': (detail: string) => `The connector cannot read the script: ${detail}.`,
}
const fixes = {
  'python.not_found': ['Install Python 3, put a .venv beside the script, or name an interpreter with --python.'],
  'python.unusable': ['Run that interpreter by hand with --version; name another one with --python.'],
  'script.not_accessible': ['Check the path and its permissions for the user that runs the service.'],
}
