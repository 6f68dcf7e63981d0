import { existsSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import type { OsLimits } from '../../../electron/python/script-run.ts'
import { fixture, markedRunner, runScript, runText, until, type Ran } from './run-script.ts'

const { runner, alive } = markedRunner()
afterAll(() => runner.close())

const limited = (how: string, os: OsLimits, more: Record<string, unknown> = {}): Promise<Ran> => runScript(runner, fixture('uses_limits.py'), { input: { how, ...more }, os })
const MiB = 1024 ** 2
/** Is it in force, or is the reason told why not? One of the two, never neither. */
function inForce(ran: Ran, limitId: string): boolean {
  const armed = ran.all('limit_armed').some((event) => event.limitId === limitId)
  const refused = ran.all('limit_not_enforced').find((event) => event.limitId === limitId)
  expect(armed).not.toBe(refused !== undefined)
  if (refused) expect(refused.reason.length).toBeGreaterThan(10)
  return armed
}

describe('kernel limits', () => {
  test('are set on the script and on nothing else, and said to be in force', async () => {
    const ran = await limited('limits', { addressSpaceBytes: 300 * MiB, cpuTimeMs: 2500, openFiles: 64, fileSizeBytes: 4096 })
    expect(ran.result()).toMatchObject({ RLIMIT_AS: [300 * MiB, 300 * MiB], RLIMIT_CPU: [3, 4], RLIMIT_NOFILE: [64, 64], RLIMIT_FSIZE: [4096, 4096] })
    expect(ran.all('limit_armed').map(({ limitId, deadlineMs }) => [limitId, deadlineMs])).toEqual([['os.address_space', null], ['os.cpu_time', null], ['os.open_files', null], ['os.file_size', null]])
    expect(ran.all('limit_disarmed').map(({ limitId }) => limitId).toSorted()).toEqual(['os.address_space', 'os.cpu_time', 'os.file_size', 'os.open_files'])
  })

  test('address space: MemoryError on the line that asked for it', async () => {
    const ran = await limited('memory', { addressSpaceBytes: 128 * MiB }, { bytes: 256 * MiB })
    expect(ran.event('script_error')?.error).toMatchObject({ phase: 'transform', type: 'MemoryError', line: 11, detail: 'return {"bytes": len(bytearray(input_data["bytes"]))}' })
  })

  test('address space: an error is told even when memory was used up bit by bit', async () => {
    // What is left in the last corner differs from run to run.
    for (let times = 0; times < 5; times++) {
      const ran = await runText(runner, 'def transform(d):\n    kept = []\n    while True:\n        kept.append(str(len(kept)) * 50)\n', { os: { addressSpaceBytes: 64 * MiB } })
      expect(ran.event('script_error')?.error).toMatchObject({ type: 'MemoryError', line: expect.any(Number), traceback: expect.stringContaining('MemoryError'), memory: { used: expect.any(Number), limit: 64 * MiB } })
    }
  })

  test('address space: too little for Python itself still ends the run, with an error or without', async () => {
    const ran = await runText(runner, 'import json, decimal, asyncio\ndef transform(d):\n    return 1\n', { os: { addressSpaceBytes: 4 * MiB } })
    expect(['error', 'exited']).toContain(ran.ending.kind)
  })

  test('CPU time: SIGXCPU, which is told as the limit that fired', async () => {
    const ran = await runScript(runner, fixture('computes.py'), { input: { seconds: 20 }, os: { cpuTimeMs: 700 } })
    expect(ran.ending).toMatchObject({ kind: 'exited', exit: { signal: 'SIGXCPU' } })
    expect(ran.event('limit_fired')).toMatchObject({ limitId: 'os.cpu_time', action: 'SIGXCPU' })
    // The kernel counts whole ticks towards this limit, and a tick hits one process of several that share a core.
    expect(ran.event('process_exited')?.exit.cpuMs).toBeGreaterThan(700)
  })

  test('CPU time: SIGKILL a second later where SIGXCPU is ignored', async () => {
    const ran = await runText(runner, 'import signal\ndef transform(d):\n    signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n    while True:\n        pass\n', { os: { cpuTimeMs: 1000 } })
    expect(ran.ending).toMatchObject({ kind: 'exited', exit: { signal: 'SIGKILL' } })
    expect(ran.event('limit_fired')).toMatchObject({ limitId: 'os.cpu_time', action: 'SIGKILL at the hard limit' })
  })

  test('open files: errno 24', async () => {
    expect((await limited('files', { openFiles: 32 }, { count: 100 })).event('script_error')?.error).toMatchObject({ type: 'OSError', errno: 24 })
    expect((await limited('files', { openFiles: 32 }, { count: 20 })).result()).toEqual({ files: 20 })
  })

  test('file size: errno 27', async () => {
    expect((await limited('file_size', { fileSizeBytes: 8192 }, { count: 3 })).event('script_error')?.error).toMatchObject({ errno: 27 })
  })

  test('a limit that cannot be set is told, and the run goes on without it', async () => {
    const ran = await limited('limits', { openFiles: 2 ** 31 - 1 })
    expect(inForce(ran, 'os.open_files')).toBe(false)
    expect(ran.event('limit_not_enforced')?.reason).toMatch(/setrlimit\(RLIMIT_NOFILE, 2147483647\) was refused/)
    expect(ran.ending.kind).toBe('completed')
  })
})

describe('limits of the whole tree', () => {
  test('processes: EAGAIN where they can be limited', async () => {
    const ran = await limited('processes', { processes: 20 }, { count: 60 })
    if (inForce(ran, 'os.processes')) expect(ran.event('script_error')?.error).toMatchObject({ type: 'BlockingIOError', errno: 11 })
    else expect(ran.result()).toEqual({ processes: 60 })
    if (existsSync('/sys/fs/cgroup/pids') && process.getuid?.() === 0) expect(ran.all('kernel_counter').find(({ name }) => name === 'cgroup.pids.max')?.delta).toBeGreaterThan(0)
    await until(() => alive().length === 0)
  })

  test('memory: the OOM killer of the group, proven by its counter', async () => {
    const ran = await limited('touch', { memoryBytes: 48 * MiB }, { bytes: 96 * MiB })
    if (!inForce(ran, 'os.memory')) return expect(ran.result()).toEqual({ bytes: 96 * MiB })
    expect(ran.ending).toMatchObject({ kind: 'exited', exit: { signal: 'SIGKILL' } })
    expect(ran.all('kernel_counter').find(({ name }) => name === 'cgroup.memory.oom_kill')).toMatchObject({ delta: 1 })
    expect(ran.event('limit_fired')).toMatchObject({ limitId: 'os.memory' })
  })

  test('platform memory: watched as resident memory, and killed by the platform', async () => {
    const ran = await limited('touch', { platformMemoryBytes: 64 * MiB }, { bytes: 128 * MiB, seconds: 20 })
    expect(ran.ending).toMatchObject({ kind: 'killed', by: 'platform', limitId: 'platform.memory', exit: { signal: 'SIGKILL' } })
    expect(ran.all('limit_fired').map(({ limitId }) => limitId)).toEqual(['platform.memory'])
    expect((await limited('touch', { platformMemoryBytes: 256 * MiB }, { bytes: 64 * MiB })).ending.kind).toBe('completed')
  })

  test('platform memory: pages that children share with their parent count once', async () => {
    const text = 'import os, time\ndef transform(d):\n    kept = bytearray(40 << 20)\n    pids = []\n    for _ in range(4):\n        pid = os.fork()\n        if pid == 0:\n            time.sleep(0.4)\n            os._exit(0)\n        pids.append(pid)\n    for pid in pids:\n        os.waitpid(pid, 0)\n    return len(kept)\n'
    expect((await runText(runner, text, { os: { platformMemoryBytes: 100 * MiB } })).result()).toBe(40 << 20)
  })
})

describe('a share of the CPU', () => {
  test('holds a computing script to it, and tells how long it was held back', async () => {
    // A tenth: less than a busy machine would leave it anyway.
    const ran = await runScript(runner, fixture('computes.py'), { input: { seconds: 1.5 }, os: { cpuShareMillicores: 100 } })
    expect(inForce(ran, 'os.cpu_share')).toBe(true)
    const { wallMs, cpuMs } = ran.event('process_exited')!.exit
    expect((cpuMs ?? 0) / wallMs).toBeLessThan(0.2)
    expect(ran.all('reading').at(-1)?.throttledMs).toBeGreaterThan(100)
  })

  test('does not slow down one that mostly waits', async () => {
    const ran = await runText(runner, 'import time\ndef transform(d):\n    start = time.monotonic()\n    for _ in range(10):\n        time.sleep(0.05)\n    return time.monotonic() - start\n', { os: { cpuShareMillicores: 200 } })
    expect(ran.result()).toBeLessThan(2)
  })
})

describe('readings', () => {
  test('follow CPU, memory, processes and threads of the tree while it runs', async () => {
    const ran = await runText(runner, 'import subprocess, threading, time\ndef transform(d):\n    data = bytearray(30 << 20)\n    threading.Thread(target=time.sleep, args=(0.4,)).start()\n    child = subprocess.Popen(["sleep", "0.4"])\n    while time.process_time() < 0.35:\n        pass\n    child.wait()\n    return len(data)\n')
    const readings = ran.all('reading')
    expect(readings.length).toBeGreaterThan(4)
    expect(readings.map(({ cpuMs }) => cpuMs)).toEqual(readings.map(({ cpuMs }) => cpuMs).toSorted((a, b) => a - b))
    const last = readings.at(-1)!
    expect(last.cpuMs).toBeGreaterThan(150)
    expect(Math.max(...readings.map(({ rssBytes }) => rssBytes))).toBeGreaterThan(35 << 20)
    expect(Math.max(...readings.map(({ addressSpaceBytes }) => addressSpaceBytes))).toBeGreaterThan(40 << 20)
    expect(Math.max(...readings.map(({ processes }) => processes))).toBe(2)
    expect(Math.max(...readings.map(({ threads }) => threads))).toBe(3)
  })

  test('never take CPU time back while an ended child waits for its parent', async () => {
    const ran = await runText(runner, 'import os, time\ndef transform(d):\n    if os.fork() == 0:\n        while time.process_time() < 0.15: pass\n        os._exit(0)\n    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)\n    time.sleep(0.2)\n    os.wait()\n    time.sleep(0.1)\n    return 1\n')
    const cpu = ran.all('reading').map(({ cpuMs }) => cpuMs)
    expect(cpu).toEqual(cpu.toSorted((one, other) => one - other))
    expect(cpu.at(-1)).toBeGreaterThan(140)
  })

  test('end with the counters of the kernel, zeros included', async () => {
    const ran = await runText(runner, 'def transform(d):\n    return 1\n')
    expect(ran.all('kernel_counter').find(({ name }) => name === 'vmstat.oom_kill')).toMatchObject({ delta: expect.any(Number) })
  })
})
