import { formatValue, parseValue, type UnitKind } from '../../shared/limits/units.ts'
import { limitKindOf } from '../../shared/limits/catalog.ts'
import type { ProfileProblem } from '../../shared/flow/parse-profile.ts'
import type { LimitSetting } from '../../shared/run/plan.ts'
import { downloadText } from '../ui/download.ts'
import { pickFiles } from '../ui/pick-file.ts'
import { changePlan } from './plan-undo.ts'
import { addProfile, planLimits, profileOf, usePlan } from './plan.ts'
import { complain, complainAndGoWithout } from './undo.ts'

/** Lets the user choose a profile file and takes it over; mistakes are told with their line. */
export async function loadProfileFile(): Promise<void> {
  const [file] = await pickFiles('.yaml,.yml').catch(complainAndGoWithout)
  if (!file) return
  const loaded = await import('../../shared/flow/parse-profile.ts').catch(() => null)
  if (!loaded) { complain('What reads profiles did not arrive: the engine that serves it does not answer.'); return }
  const { parseProfile } = loaded
  const parsed = parseProfile(file.text, file.name)
  if (parsed.ok) { changePlan(() => { addProfile(parsed.profile); return `Profile ${parsed.profile.name} loaded` }); return }
  complain(mistakesIn(file.name, parsed.problems))
}

/** Most mistakes that are told at once. */
const mostMistakes = 5

/** What is wrong with a profile file, a line each. */
export function mistakesIn(fileName: string, problems: readonly ProfileProblem[]): string {
  if (problems.length === 0) return `${fileName} is not a profile`
  const told = problems.slice(0, mostMistakes).map(({ line, message, hint }) => `${fileName}:${line}: ${message}${hint ? ` (${hint})` : ''}`)
  return [...told, ...(problems.length > mostMistakes ? [`and ${problems.length - mostMistakes} more`] : [])].join('\n')
}

/** The limits on the screen as a profile file, with a comment on every line of what it means. */
export function profileText(name: string): string {
  const state = usePlan.getState()
  const profile = profileOf(state)
  return [
    `# A profile of Cutoff: a named set of limits. Change it freely; open it with "Load" or --profile.`,
    `name: ${name}`, `title: ${JSON.stringify(`${profile.title.replace(/, changed$/, '')}, changed`)}`, `description: ${JSON.stringify(`Made from ${profile.name}.`)}`,
    ...(state.proxies.length > 0 ? [`proxies: [${state.proxies.join(', ')}]`] : []), 'limits:',
    ...planLimits(state).flatMap((limit) => {
      const kind = limitKindOf(limit.id)
      return kind ? [`  # ${kind.meaning}`, `  ${limit.id}: ${writtenOf(limit, kind.kind)}`] : []
    }), '',
  ].join('\n')
}

/** As a profile file has it: `30s`, `off`, `{ value: 30s, enforced: false }`. */
function writtenOf({ value, unit, enforced }: LimitSetting, kind: UnitKind): string {
  const text = value === null ? 'off' : exactValue(value, unit, kind)
  return enforced ? text : `{ value: ${text}, enforced: false }`
}

function exactValue(value: number, unit: Parameters<typeof formatValue>[1], kind: Parameters<typeof parseValue>[1]): string {
  const nice = formatValue(value, unit).replace(/\s/g, '')
  const back = parseValue(nice, kind)
  return back.ok && back.value === value ? nice : { ms: `${value}ms`, bytes: `${value}B`, millicores: `${value}m`, count: `${value}` }[unit]
}

export function saveProfileFile(): void {
  const name = `my-${profileOf(usePlan.getState()).name.replace(/^my-/, '')}`
  downloadText(`${name}.yaml`, 'text/yaml', profileText(name))
}
