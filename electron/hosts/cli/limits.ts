import { faultForm, faultTable } from '../../../shared/flow/faults.ts'
import type { Profile } from '../../../shared/flow/profiles.ts'
import { limitKinds } from '../../../shared/limits/catalog.ts'
import { baseUnitOf, formatValue } from '../../../shared/limits/units.ts'
import { readProfiles } from '../../profiles.ts'
import { paintFor } from './colors.ts'

/** `cutoff limits`: every id with unit, meaning and its default in each profile; and the faults. */
export async function limitsCommand(options: { json?: boolean }): Promise<number> {
  const profiles = await readProfiles()
  const limits = limitKinds.map((kind) => ({
    id: kind.base, layer: kind.layer, unit: baseUnitOf[kind.kind], countsFrom: kind.countsFrom, meaning: kind.meaning, effect: kind.effect,
    defaults: Object.fromEntries(profiles.map((profile) => [profile.name, valueIn(profile, kind.base)])),
  }))
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ schema: 'cutoff.limits/1', limits, faults: faultTable, profiles: profiles.map(({ name, title, description, emulated }) => ({ name, title, description, emulated })) })}\n`)
    return 0
  }
  const paint = paintFor(process.stdout)
  const lines = limits.flatMap((limit) => {
    const unit = baseUnitOf[limitKinds.find((kind) => kind.base === limit.id)?.kind ?? 'count']
    const defaults = Object.entries(limit.defaults).filter(([, value]) => value !== null).map(([name, value]) => `${name} ${formatValue(value ?? 0, unit)}`)
    return [
      `${paint.bold(limit.id.padEnd(24))} ${unit === 'ms' ? 'time, e.g. 500ms' : unit === 'bytes' ? 'size, e.g. 512MB' : unit === 'millicores' ? 'CPU share, e.g. 500m' : 'count, e.g. 64'}`,
      `    ${limit.meaning}${limit.countsFrom ? ` Counts from: ${limit.countsFrom}.` : ''}`,
      `    When it fires: ${limit.effect}.`,
      ...(defaults.length > 0 ? [paint.dim(`    ${defaults.join(', ')}`)] : []),
    ]
  })
  const faults = faultTable.map((fault) => `${paint.bold(fault.example.padEnd(40))} ${fault.meaning}`)
  process.stdout.write(`${[paint.bold('Limits (--limit ID=VALUE; "off" switches one off; proxy2.read is that of the second proxy)'), '', ...lines, '', paint.bold('Faults (--fault SPEC, any number of them)'), '', ...faultForms, '', ...faults, '', paint.bold('Profiles (--profile NAME, or a YAML file of your own)'), '', ...profiles.map((profile) => `${profile.name.padEnd(28)} ${profile.description}${profile.emulated ? ' (emulated)' : ''}`)].join('\n')}\n`)
  return 0
}

/** How a fault is put together; the examples fill it in. */
const faultForms = [
  `Of a link:     ${faultForm}`,
  '               TIME counts from the moment the connection was accepted; without it the fault is there from the start.',
  '               PLACE is the link in front of client (right behind it; the default), proxy1, proxy2 ... or gateway.',
  'Of a service:  SERVICE.ACTION[=AMOUNT][@TIME], SERVICE being client, gateway, proxy1, proxy2 ...; TIME counts from the start of the run.',
]

function valueIn(profile: Profile, id: string): number | null {
  return profile.limits.find((limit) => limit.id === id)?.value ?? null
}
