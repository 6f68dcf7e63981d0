import { describe, expect, test } from 'vitest'
import { judgeReadings, type DoctorFacts } from '../../../shared/limits/judge-readings.ts'

const GiB = 1024 ** 3

/** A machine on which all is well. */
const healthy: DoctorFacts = {
  python: { ok: true, path: '/usr/bin/python3', version: '3.11.2', roundTrip: true, startMs: 20, addressSpace: [null, null], noted: null },
  ulimits: [{ name: 'Max address space', soft: null, hard: null, unit: 'bytes' }, { name: 'Max open files', soft: 1024, hard: 4096, unit: 'files' }],
  memory: { totalBytes: 8 * GiB, availableBytes: 4 * GiB, swapFreeBytes: 0 },
  disks: [{ label: 'temporary files', path: '/tmp', freeBytes: 10 * GiB, freeFiles: 1e6, writable: true, problem: null }],
  cgroup: { version: 2, limits: [], writable: ['memory', 'cpu', 'pids'] },
  tools: [{ name: 'nginx', path: '/usr/sbin/nginx', version: '1.22.1' }], electron: { installed: true },
  system: { name: 'Linux 6', node: 'v24', cpus: 8, load1: 1, timeZone: 'UTC', clockSource: 'tsc', root: false, platform: 'linux', pressure: { cpu: 0, memory: 0, io: 0 }, ptraceScope: 1 },
}

const judged = (changes: { [K in keyof DoctorFacts]?: Partial<DoctorFacts[K]> | DoctorFacts[K] }) => {
  const facts = { ...healthy }
  for (const [key, change] of Object.entries(changes)) Object.assign(facts, { [key]: Array.isArray(change) || key === 'python' || change === null ? change : { ...healthy[key as 'memory'], ...change } })
  return judgeReadings(facts)
}
const found = (changes: Parameters<typeof judged>[0], id: string) => judged(changes).filter((reading) => reading.id === id)

test('a healthy machine has nothing to advise', () => {
  expect(judgeReadings(healthy).filter((reading) => reading.state !== 'ok' || reading.advice !== null)).toEqual([])
})

test('every reading that is not ok says what to do, and ids name one thing each', () => {
  const readings = judged({
    python: { ok: false, problem: 'no python here' }, ulimits: null, memory: { availableBytes: 1 }, disks: [{ label: 'x', path: '/x', freeBytes: null, freeFiles: null, writable: false, problem: 'gone' }],
    cgroup: { version: null, writable: [] }, tools: [{ name: 'haproxy', path: null, version: null }], electron: { installed: false },
    system: { load1: 99, root: true, ptraceScope: 3, clockSource: 'hpet', pressure: { cpu: 80, memory: null, io: 30 } },
  })
  const bad = readings.filter((reading) => reading.state !== 'ok')
  expect(bad.map((reading) => reading.id)).toEqual(['python.path', 'ulimit', 'memory.free', 'disk.x', 'cgroup.writable', 'tool.haproxy', 'tool.electron', 'system.load', 'system.pressure', 'system.user', 'system.ptrace', 'system.clock'])
  for (const reading of bad) expect(reading.advice, reading.id).toMatch(/^[A-Z].*[.]$/)
  expect(new Set(readings.map((reading) => reading.id)).size).toBe(readings.length)
})

describe('python', () => {
  test.each([['2.7.18', 'problem'], ['3.7.9', 'problem'], ['3.8.0', 'ok'], ['3.14.1', 'ok'], ['4.0.0', 'ok']])('%s is %s', (version, state) => {
    expect(found({ python: { ...healthy.python, version } as DoctorFacts['python'] }, 'python.version')[0]?.state).toBe(state)
  })
  test('with less address space than the profile allows is a warning', () => {
    expect(found({ python: { ...healthy.python, addressSpace: [256 * 1024 ** 2, null] } as DoctorFacts['python'] }, 'python.rlimit_as')[0]).toMatchObject({ state: 'warning', value: 'soft 256 MB, hard unlimited', number: 256 * 1024 ** 2 })
  })
})

describe('disks', () => {
  const disk = (changes: Partial<DoctorFacts['disks'][number]>) => found({ disks: [{ ...healthy.disks[0]!, ...changes }] }, 'disk.temporary_files')[0]
  test.each([[{ freeBytes: 1e6 }, 'problem', /Free some space/], [{ freeBytes: 3e8 }, 'warning', /Free some space/], [{ freeFiles: 500 }, 'warning', /inodes/], [{ freeFiles: 3 }, 'problem', /inodes/], [{ writable: false }, 'warning', /cannot write/], [{ freeFiles: null }, 'ok', null]])('%j is %s', (changes, state, advice) => {
    const reading = disk(changes)
    expect(reading?.state).toBe(state)
    if (advice) expect(reading?.advice).toMatch(advice)
  })
})

describe('cgroup limits', () => {
  const limits = (...list: DoctorFacts['cgroup']['limits']) => judged({ cgroup: { limits: list } }).filter((reading) => reading.group === 'cgroup' && reading.id !== 'cgroup.writable')
  test('of nested groups only the tightest is judged', () => {
    const [inner, outer] = limits({ controller: 'memory', value: 2 * GiB, path: '/a/b', used: null }, { controller: 'memory', value: GiB / 4, path: '/a', used: GiB / 8 })
    expect(inner).toMatchObject({ id: 'cgroup.memory.0', state: 'ok', value: '2 GB (/a/b)' })
    expect(outer).toMatchObject({ id: 'cgroup.memory', state: 'warning', value: '256 MB, 128 MB in use (/a)', number: GiB / 4 })
  })
  test.each([
    [{ controller: 'memory', value: 4 * GiB, used: 3.9 * GiB }, 'warning'], [{ controller: 'memory', value: 4 * GiB, used: GiB }, 'ok'],
    [{ controller: 'cpu', value: 500, used: null }, 'warning'], [{ controller: 'cpu', value: 2000, used: null }, 'ok'],
    [{ controller: 'pids', value: 100, used: 90 }, 'warning'], [{ controller: 'pids', value: 10_000, used: 90 }, 'ok'],
  ] as const)('%j is %s', (limit, state) => {
    expect(limits({ ...limit, path: '/a' })[0]?.state).toBe(state)
  })
})

test('ptrace_scope 2 keeps everybody but root from reading stacks', () => {
  expect(found({ system: { ptraceScope: 2 } }, 'system.ptrace')[0]?.state).toBe('warning')
  expect(found({ system: { ptraceScope: 2, root: true } }, 'system.ptrace')[0]?.state).toBe('ok')
  expect(found({ system: { ptraceScope: null } }, 'system.ptrace')).toEqual([])
})
