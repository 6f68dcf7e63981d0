import { access, stat } from 'node:fs/promises'
import { constants } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { mostProxies, proxyEngines, type ProxyEngine } from '../../../shared/flow/layers.ts'
import { limitsOfProfile, type Profile } from '../../../shared/flow/profiles.ts'
import { parseFault } from '../../../shared/flow/faults.ts'
import { impossibleFaults } from '../../../shared/flow/impossible-faults.ts'
import { limitKindOf, limitKinds, proxyNumberOf } from '../../../shared/limits/catalog.ts'
import { nearestName } from '../../../shared/limits/nearest-name.ts'
import { baseUnitOf, parseValue } from '../../../shared/limits/units.ts'
import { defaultStacks, type FaultPlan, type LimitSetting, type RunPlan } from '../../../shared/run/plan.ts'
import { readProfileFile, readProfileNames, readShippedProfile } from '../../profiles.ts'
import { checkScript } from './check-script.ts'
import { readInput } from './read-input.ts'
import { UsageError } from './usage-error.ts'

/** Options of `run` as they were typed. */
export interface RunArguments {
  input?: string
  profile?: string
  limit?: string[]
  fault?: string[]
  proxy?: string
  python?: string
  propagateCancel?: boolean
  stacks?: string
  locals?: boolean
  allocations?: boolean
}

/** Turns what was typed into a plan. Throws UsageError; nothing was run then. */
export async function planOfArguments(script: string, options: RunArguments): Promise<RunPlan> {
  const file = await checkScript(script)
  const input = await readInput(options.input)
  const profile = await profileOf(options.profile ?? 'transformation-service')
  const proxies = options.proxy === undefined ? profile.proxies : proxiesOf(options.proxy)
  const limits = overlay(limitsOfProfile(profile), (options.limit ?? []).map(limitOf), proxies)
  const faults = (options.fault ?? []).map(faultOf)
  const [impossible] = impossibleFaults({ faults, proxies })
  if (impossible) throw new UsageError(impossible.code, impossible.problem, { where: '--fault', hint: impossible.hint })
  return {
    script: { ...file, text: null },
    ...input, profile: profile.name, limits, proxies, faults,
    python: options.python === undefined ? null : await pythonOf(options.python),
    propagateCancel: options.propagateCancel !== false,
    stacks: { ...defaultStacks, rateHz: rateOf(options.stacks), locals: options.locals === true, allocations: options.allocations === true },
  }
}

/** A file that is no profile at all has something wrong with every line. */
const mostTold = 8

async function profileOf(name: string): Promise<Profile> {
  const shipped = await readShippedProfile(name)
  if (shipped) return shipped
  const path = resolve(name)
  const file = await stat(path).catch(() => null)
  if (!file?.isFile()) {
    if (/[\\/]|\.ya?ml$/i.test(name)) throw new UsageError('unknown_profile', `there is no profile file ${name}`, { where: '--profile', hint: file ? `${name} is not a file` : 'look at the path; shipped profiles go by their name, such as --profile nginx' })
    const names = await readProfileNames()
    const near = nearestName(name, names)
    throw new UsageError('unknown_profile', `unknown profile: ${name}`, { where: '--profile', hint: near ? `did you mean ${near}?` : `known are ${names.join(', ')}, or name a YAML file` })
  }
  const result = await readProfileFile(path)
  if (result.ok) return result.profile
  const [first, ...others] = result.problems
  // One problem's hint stands apart as everywhere; of several each carries its own.
  const text = ({ line, message, hint }: typeof result.problems[number]) => `line ${line}: ${message}${hint && others.length > 0 ? ` (${hint})` : ''}`
  const more = result.problems.length - mostTold
  throw new UsageError('bad_profile', `${result.problems.slice(0, mostTold).map(text).join('; ')}${more > 0 ? `; and ${more} more` : ''}`, { where: `${path}:${first?.line ?? 1}`, hint: others.length > 0 ? null : (first?.hint ?? null) })
}

/** `client.total=500ms` as a setting of this run; `off` switches a limit off. */
export function limitOf(text: string): LimitSetting {
  const match = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(text)
  if (!match?.[1]) throw new UsageError('bad_limit', `a limit is written ID=VALUE, not "${text}"`, { where: '--limit', hint: 'for example --limit client.total=500ms' })
  const id = match[1]
  const kind = limitKindOf(id)
  if (!kind) {
    const near = nearestName(id, limitKinds.map((limit) => limit.base))
    throw new UsageError('unknown_limit', `unknown limit: ${id}`, { where: '--limit', hint: near ? `did you mean ${near}?` : 'cutoff limits lists them all' })
  }
  const written = match[2] ?? ''
  const setting = { id, unit: baseUnitOf[kind.kind], origin: 'this run', enforced: true }
  if (/^(off|none)$/i.test(written)) return { ...setting, value: null }
  const parsed = parseValue(written, kind.kind)
  if (!parsed.ok) throw new UsageError('bad_value', `${id}: ${parsed.problem}`, { where: '--limit', hint: parsed.hint })
  return { ...setting, value: parsed.value }
}

/** Later settings win; a proxy's limit must name a proxy that is there. */
function overlay(base: LimitSetting[], changes: LimitSetting[], proxies: readonly ProxyEngine[]): LimitSetting[] {
  const byId = new Map(base.map((limit) => [limit.id, limit]))
  for (const change of changes) {
    const number = proxyNumberOf(change.id)
    if (number !== null && (number < 1 || number > proxies.length)) {
      throw new UsageError('unknown_limit', `${change.id} names proxy ${number}, but this flow has ${proxies.length}`, { where: '--limit', hint: proxies.length === 0 ? 'add --proxy builtin' : `proxies are numbered from the outside: proxy1 to proxy${proxies.length}` })
    }
    byId.set(change.id, change)
  }
  return [...byId.values()]
}

function proxiesOf(text: string): ProxyEngine[] {
  const proxies = text.split(',').map((part) => part.trim()).filter((part) => part !== '' && part !== 'none').map((part) => {
    if ((proxyEngines as readonly string[]).includes(part)) return part as ProxyEngine
    const near = nearestName(part, proxyEngines)
    throw new UsageError('unknown_proxy', `unknown proxy: ${part}`, { where: '--proxy', hint: near ? `did you mean ${near}?` : `known are ${proxyEngines.join(', ')}; several in a row with commas` })
  })
  if (proxies.length > mostProxies) throw new UsageError('too_many_proxies', `${proxies.length} proxies in a row are more than ${mostProxies}`, { where: '--proxy' })
  return proxies
}

function faultOf(text: string): FaultPlan {
  const parsed = parseFault(text)
  if (!parsed.ok) throw new UsageError('bad_fault', parsed.problem, { where: '--fault', hint: parsed.hint })
  return parsed.fault
}

async function pythonOf(path: string): Promise<string> {
  // A bare command name is looked up on PATH, as a shell would.
  const candidates = /[\\/]/.test(path) ? [resolve(path)] : (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '').flatMap((folder) => executableNames(join(folder, path)))
  for (const candidate of candidates) {
    if (await access(candidate, constants.F_OK).then(() => true, () => false)) return candidate
  }
  throw new UsageError('python_not_found', `no such interpreter: ${path}`, { where: '--python', hint: 'name the path of a python3, or leave --python out to have one found' })
}

function executableNames(path: string): string[] {
  return process.platform === 'win32' ? [`${path}.exe`, path] : [path]
}

function rateOf(text: string | undefined): number {
  if (text === undefined) return defaultStacks.rateHz
  const rate = text === 'off' ? 0 : Number(text.replace(/hz$/i, ''))
  if (!Number.isFinite(rate) || rate < 0 || rate > 1000) throw new UsageError('bad_value', `--stacks takes a rate of 1 to 1000 Hz, or off; not "${text}"`, { where: '--stacks' })
  return rate
}
