import { explainOrder } from '../../../shared/flow/explain-plan.ts'
import { lintPlan, type Lint, type Machine } from '../../../shared/flow/lints/index.ts'
import { planFlow } from '../../../shared/flow/plan-flow.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import type { RunPlan } from '../../../shared/run/plan.ts'
import { proxiesNotInstalled } from '../../flow/proxy/program.ts'
import { missingPowers } from '../../system/missing-powers.ts'

/** What this machine lacks of what the plan asks for. */
export async function machineOf(plan: RunPlan): Promise<Machine> {
  return { missing: await missingPowers(), notInstalled: proxiesNotInstalled(plan.proxies) }
}

/**
 * What is known before the run: what follows from the limits that were set for it. What holds of the profile at every run is only
 * counted. With `--json` only what makes the plan different from what was meant.
 */
export function warnBefore(plan: RunPlan, machine: Machine, quiet: boolean): void {
  const lints = lintPlan(plan, machine)
  const changed = new Set(plan.limits.filter((limit) => limit.origin === 'this run').map((limit) => limit.id))
  const isNews = (lint: Lint): boolean => (quiet ? /^(?:not-in-flow|not-held|cannot-here|never-acts):/.test(lint.id) : lint.severity === 'warning' && (lint.limitIds.length === 0 || lint.limitIds.some((id) => changed.has(id))))
  const told = lints.filter(isNews)
  if (!quiet) process.stderr.write(`${explainOrder(plan)}\n`)
  for (const lint of told) process.stderr.write(`warning: ${lint.title} ${lint.text}\n`)
  const more = lints.length - told.length
  if (!quiet && more > 0) process.stderr.write(`${more} more ${more === 1 ? 'remark' : 'remarks'} on the limits of ${plan.profile}: --dry-run tells.\n`)
}

/** `--dry-run`: the order of firing and the lints, without running anything. */
export function planText(plan: RunPlan, machine: Machine, json: boolean): string {
  const { deadlines } = planFlow(plan)
  const lints = lintPlan(plan, machine)
  if (json) return `${JSON.stringify({ schema: 'cutoff.plan/1', plan, order: deadlines, summary: explainOrder(plan), lints })}\n`
  const effects = { cuts: '', late: '  shows only when the script ends', no_effect: '  no effect on a slow script' }
  return `${[explainOrder(plan), '', ...deadlines.map((deadline, index) => `${String(index + 1).padStart(3)}  ${deadline.limitId.padEnd(22)} ${formatMs(deadline.atMs).padStart(9)}${effects[deadline.effect]}`), '',
    ...lints.map((lint) => `${lint.severity}: ${lint.title} ${lint.text}${lint.fix ? ` (${lint.fix.label})` : ''}`)].join('\n')}\n`
}
