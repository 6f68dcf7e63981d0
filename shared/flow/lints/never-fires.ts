import { baseOf } from '../../limits/catalog.ts'
import { formatMs, formatValue } from '../../limits/units.ts'
import { justBelow, setTo, type Active, type Lint } from './lint.ts'

/** Limits that are in force and can still never fire, whatever the script does. */
export function neverFires(active: readonly Active[]): Lint[] {
  const lints = [...behindAnother(active), ...underTheTotal(active), ...cpuTime(active), ...memory(active), ...withoutEffect(active)]
  return lints.filter((lint, index) => lints.findIndex((other) => other.limitIds[0] === lint.limitIds[0]) === index)
}

/** Pairs whose clocks start together, or the second one earlier: the longer one is never reached. */
const pairs: readonly [late: string, early: string, does: string][] = [
  ['wrapper.timeout', 'connector.python', 'ends the script'], ['wrapper.timeout', 'connector.context', 'ends the script'], ['connector.python', 'connector.context', 'ends the script'],
  ['connector.queue', 'connector.context', 'ends the wait'],
  ['client.first_byte', 'client.total', 'ends the request'], ['client.read', 'client.total', 'ends the request'], ['client.connect', 'client.total', 'ends the request'],
  ['gateway.worker', 'gateway.handler', 'answers'],
]

function behindAnother(active: readonly Active[]): Lint[] {
  return pairs.flatMap(([late, early, does]): Lint[] => {
    const a = active.find((limit) => limit.id === late)
    const b = active.find((limit) => limit.id === early)
    if (!a || !b || a.value <= b.value) return []
    return [{
      id: `never-fires:${late}:${early}`, severity: 'note', limitIds: [late, early],
      title: `${late} ${formatMs(a.value)} can never fire:`, text: `${early} ${does} at ${formatMs(b.value)}.`, fix: setTo(a, justBelow(b.value)),
    }]
  })
}

/** Limits on a part of the request; each is waited out inside the client's total. */
const parts = ['proxy.connect', 'proxy.send', 'proxy.client_header', 'proxy.client_body', 'proxy.client_write', 'proxy.queue', 'gateway.read_header', 'gateway.read', 'connector.queue']

/** One sentence for all of them: a short total puts out of reach what is right for every other client. */
function underTheTotal(active: readonly Active[]): Lint[] {
  const total = active.find((limit) => limit.id === 'client.total')
  const reached = active.filter((limit) => total && parts.includes(baseOf(limit.id)) && limit.value >= total.value)
  const [first, ...more] = reached
  if (!total || !first) return []
  return [{
    id: 'never-fires:parts:client.total', severity: 'note', limitIds: [first.id, ...more.map((limit) => limit.id), total.id],
    title: `${listOf(reached.map((limit) => `${limit.id} ${formatMs(limit.value)}`))} can never fire:`, text: `client.total ends the request at ${formatMs(total.value)}.`, fix: null,
  }]
}

function listOf(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** A process that computes on one core uses no more CPU time than passes on the clock; with a share of a core it uses less. */
function cpuTime(active: readonly Active[]): Lint[] {
  const cpu = active.find((limit) => limit.id === 'os.cpu_time')
  const ends = active.filter((limit) => ['connector.python', 'wrapper.timeout', 'connector.context', 'platform.duration', 'gateway.worker', 'gateway.handler', 'client.total'].includes(limit.id)).toSorted((a, b) => a.value - b.value)[0]
  if (!cpu || !ends) return []
  const share = active.find((limit) => limit.id === 'os.cpu_share')?.value ?? null
  const most = ends.value * (share === null ? 1 : share / 1000)
  if (cpu.value < most) return []
  const text = share !== null ? `in the ${formatMs(ends.value)} of ${ends.id} a share of ${formatValue(share, 'millicores')} is ${formatMs(most)} of CPU time.` : `${ends.id} ends the script after ${formatMs(ends.value)} on the clock; only a script that computes on several cores at once gets there before.`
  return [{ id: `never-fires:os.cpu_time:${ends.id}`, severity: 'note', limitIds: ['os.cpu_time', ends.id], title: `os.cpu_time ${formatMs(cpu.value)} ${share === null ? 'can hardly fire' : 'can never fire'}:`, text, fix: null }]
}

/** What one process may reserve is an upper bound of what it has in memory. */
function memory(active: readonly Active[]): Lint[] {
  const space = active.find((limit) => limit.id === 'os.address_space')
  const group = active.find((limit) => limit.id === 'os.memory')
  const platform = active.find((limit) => limit.id === 'platform.memory')
  const bytes = (limit: Active) => `${limit.id} ${formatValue(limit.value, 'bytes')}`
  const lints: Lint[] = []
  if (platform && group && platform.value > group.value) lints.push({ id: 'never-fires:platform.memory:os.memory', severity: 'note', limitIds: ['platform.memory', 'os.memory'], title: `${bytes(platform)} can never fire:`, text: `${bytes(group)} has the tree killed before.`, fix: null })
  for (const tree of [group, platform]) {
    if (tree && space && tree.value >= space.value) lints.push({ id: `never-fires:${tree.id}:os.address_space`, severity: 'note', limitIds: [tree.id, 'os.address_space'], title: `${bytes(tree)} can hardly fire:`, text: `one process gets a MemoryError when it has reserved ${formatValue(space.value, 'bytes')} (os.address_space), used or not; only several together reach more.`, fix: null })
  }
  return lints
}

function withoutEffect(active: readonly Active[]): Lint[] {
  const find = (id: string) => active.find((limit) => limit.id === id)
  const lints: Lint[] = []
  const [header, read] = [find('gateway.read_header'), find('gateway.read')]
  if (header && read && header.value > read.value) lints.push({ id: 'longer-part:gateway.read_header:gateway.read', severity: 'note', limitIds: ['gateway.read_header', 'gateway.read'], title: `gateway.read ${formatMs(read.value)} does not end a slow header:`, text: `Go waits for it until gateway.read_header ${formatMs(header.value)}, and has no time left for the body then.`, fix: setTo(header, justBelow(read.value)) })
  if (read) lints.push({ id: 'no-effect:gateway.read', severity: 'note', limitIds: ['gateway.read'], title: 'gateway.read has no effect on a slow script:', text: 'it only covers reading the request. What a slow script meets is gateway.write or gateway.handler.', fix: null })
  if (find('connector.queue') && !find('connector.concurrency')) lints.push({ id: 'no-effect:connector.queue', severity: 'note', limitIds: ['connector.queue'], title: 'connector.queue can never fire:', text: 'without connector.concurrency every request gets a worker at once.', fix: null })
  return lints
}
