import { describe, expect, test } from 'vitest'
import { byteCodeFolder } from '../../../electron/python/byte-code-folder.ts'
import { clockOffset, nsOfRunMs } from '../../../electron/python/clock.ts'
import { parseFaulthandler, withoutHarness } from '../../../electron/python/cut-stack.ts'
import { environmentOf } from '../../../electron/python/environment.ts'
import { defaultHarnessFolder } from '../../../electron/python/harness-folder.ts'
import { firedByKernel } from '../../../electron/python/os-limits.ts'
import { endingOf, signalName, statusOfEnding } from '../../../electron/python/script-ending.ts'
import type { ProcessExit, ScriptError } from '../../../shared/run/event.ts'

const exit = (exitCode: number | null, signal: string | null = null): ProcessExit => ({ exitCode, signal, wallMs: 1, cpuMs: 1, maxRssBytes: 1 })
const error: ScriptError = { phase: 'transform', type: 'ValueError', message: '', file: null, line: null, traceback: '' }

describe('an ending', () => {
  const intent = { by: 'connector' as const, limitId: 'connector.python', reason: 'deadline passed' }
  test.each([
    ['a result and exit code 0', { intent: null, outputJson: '1', error: null, exit: exit(0) }, 'completed', 'ok'],
    ['a result and another exit code', { intent: null, outputJson: '1', error: null, exit: exit(3) }, 'exited', 'error'],
    ['a result and a signal', { intent: null, outputJson: '1', error: null, exit: exit(null, 'SIGSEGV') }, 'exited', 'error'],
    ['an error', { intent: null, outputJson: null, error, exit: exit(1) }, 'error', 'error'],
    ['sys.exit()', { intent: null, outputJson: null, error: { ...error, type: 'SystemExit' }, exit: exit(0) }, 'exited', 'error'],
    ['nothing at all', { intent: null, outputJson: null, error: null, exit: exit(0) }, 'exited', 'error'],
    ['a kill by a limit', { intent, outputJson: null, error: null, exit: exit(null, 'SIGKILL') }, 'killed', 'cut'],
    ['a kill by a cancel', { intent: { ...intent, limitId: null }, outputJson: null, error: null, exit: exit(null, 'SIGKILL') }, 'killed', 'canceled'],
    ['a kill that came after the result', { intent, outputJson: '1', error: null, exit: exit(null, 'SIGKILL') }, 'killed', 'cut'],
    ['an error raised by our SIGTERM', { intent, outputJson: null, error, exit: exit(1) }, 'killed', 'cut'],
  ])('with %s', (_, known, kind, status) => {
    const ending = endingOf(known)
    expect([ending.kind, statusOfEnding(ending)]).toEqual([kind, status])
  })

  test('names signals, real-time ones by number', () => {
    expect([signalName(9), signalName(null), signalName(62)]).toEqual(['SIGKILL', null, 'SIG62'])
  })
})

describe('a kernel limit', () => {
  const counters = [{ name: 'cgroup.memory.oom_kill', delta: 1 }]
  test.each([
    ['SIGXCPU with the time used', { cpuTimeMs: 1000 }, { signal: 24, scriptCpuNs: 0.98e9, counters: [] }, 'os.cpu_time'],
    ['SIGXCPU long before', { cpuTimeMs: 10_000 }, { signal: 24, scriptCpuNs: 1e9, counters: [] }, null],
    ['SIGKILL at the hard limit', { cpuTimeMs: 1000 }, { signal: 9, scriptCpuNs: 1.95e9, counters: [] }, 'os.cpu_time'],
    ['SIGKILL out of the blue', { cpuTimeMs: 1000 }, { signal: 9, scriptCpuNs: 0.5e9, counters: [] }, null],
    ['SIGKILL with the counter of the group', { memoryBytes: 1 }, { signal: 9, scriptCpuNs: 0, counters }, 'os.memory'],
    ['an OOM kill of a grandchild only', { memoryBytes: 1 }, { signal: null, scriptCpuNs: 0, counters }, null],
    ['the counter without a limit of ours', {}, { signal: 9, scriptCpuNs: 0, counters }, null],
  ])('by %s', (_, os, facts, limitId) => { expect(firedByKernel(os, facts)?.limitId ?? null).toBe(limitId) })
  test('by a supervisor that was killed is unknown', () => { expect(firedByKernel({ cpuTimeMs: 1 }, null)).toBeNull() })
})

describe("faulthandler's text", () => {
  const text = 'Thread 0x00007f1 (most recent call first):\n  File "/s/a.py", line 3 in worker\n  File "/lib/threading.py", line 10 in run\n\nCurrent thread 0x00007f2 (most recent call first):\n  File "/s/my file.py", line 9 in fetch\n  File "/s/my file.py", line 17 in transform\n  File "/h/script.py", line 70 in call\n  File "/h/start.py", line 33 in <module>\n'
  test('becomes frames without those of the wrapper', () => {
    expect(parseFaulthandler(text, '/h')).toEqual({
      frames: [{ file: '/s/my file.py', line: 9, function: 'fetch' }, { file: '/s/my file.py', line: 17, function: 'transform' }],
      threads: [{ name: '0x00007f1', frames: [{ file: '/s/a.py', line: 3, function: 'worker' }, { file: '/lib/threading.py', line: 10, function: 'run' }] }],
    })
  })
  test('may be one thread, of a crash, named, cut short or empty', () => {
    expect(parseFaulthandler('Stack (most recent call first):\n  File "/s/a.py", line 3 in f\n', '/h')?.frames).toHaveLength(1)
    expect(parseFaulthandler('Fatal Python error: Segmentation fault\n\nCurrent thread 0x1 (most recent call first):\n  File "/s/a.py", line 3 in f\n\nExtension modules: x (total: 1)\n', '/h')?.frames).toHaveLength(1)
    expect(parseFaulthandler('Current thread 0x1 [python3] (most recent call first):\n  File "/s/a.py", line 3 in f\n', '/h')?.frames).toHaveLength(1)
    expect(parseFaulthandler(text.slice(0, 290), '/h')?.frames.length).toBeGreaterThan(0)
    expect(parseFaulthandler('', '/h')).toBeNull()
    expect(parseFaulthandler('Current thread 0x1 (most recent call first):\n  File "/h/start.py", line 1 in <module>\n', '/h')).toBeNull()
  })
  test('and structured threads are treated alike', () => {
    const frames = [{ file: '/s/a.py', line: 1, function: 'f' }, { file: '/h/x.py', line: 1, function: 'g' }]
    expect(withoutHarness([{ name: 'main', frames }, { name: 'listener', frames: [frames[1]!] }], '/h')).toEqual({ frames: [frames[0]], threads: [] })
    expect(withoutHarness([], '/h')).toBeNull()
  })
})

describe('the environment of a script', () => {
  test('is the user’s, without what Cutoff was started with', () => {
    expect(environmentOf({
      HOME: '/h', PATH: '/usr/bin', PYTHONPATH: '/p', LD_LIBRARY_PATH: '/l', NODE_ENV: 'production', npm_lifecycle_event: 'x', NODE_CHANNEL_FD: '3', ELECTRON_RUN_AS_NODE: '1',
      CUTOFF_TOKEN: 's', PYTHONUNBUFFERED: '1', VITEST: 'true', GONE: undefined,
    }, 'linux')).toEqual({ HOME: '/h', PATH: '/usr/bin', PYTHONPATH: '/p', LD_LIBRARY_PATH: '/l', NODE_ENV: 'production' })
  })
  test('has no paths of npm or of an AppImage in its lists', () => {
    expect(environmentOf({ PATH: '/app/node_modules/.bin:/x/node-gyp-bin:/usr/bin:/my/node_modules_of_mine', npm_lifecycle_event: 'start' }, 'linux')['PATH']).toBe('/usr/bin:/my/node_modules_of_mine')
    expect(environmentOf({ PATH: '/app/node_modules/.bin:/usr/bin' }, 'linux')['PATH']).toBe('/app/node_modules/.bin:/usr/bin')
    expect(environmentOf({ APPDIR: '/tmp/.mount_x', LD_LIBRARY_PATH: '/tmp/.mount_x/usr/lib:/opt/cuda', PATH: '/tmp/.mount_x:/bin' }, 'linux')).toEqual({ LD_LIBRARY_PATH: '/opt/cuda', PATH: '/bin' })
  })
  test('prints UTF-8 on Windows', () => { expect(environmentOf({}, 'win32')).toEqual({ PYTHONIOENCODING: 'utf-8' }) })
})

describe('clocks', () => {
  test('are the same if a reading lies within the exchange, else the middle is assumed', () => {
    expect([clockOffset(100n, 105n, 110n), clockOffset(100n, 5n, 110n), clockOffset(100n, 1005n, 110n)]).toEqual([0n, 100n, -900n])
  })
  test('turn an instant of the run into one of the machine', () => {
    const runMsOf = (ns: bigint): number => Number(ns - 5_000_000_000n) / 1e6
    expect(nsOfRunMs(500, runMsOf, 9_000_000_000n)).toBe(5_500_000_000n)
    expect(nsOfRunMs(-1, runMsOf, 9_000_000_000n)).toBe(4_999_000_000n)
  })
})

test('the harness is looked for outside the archive of the desktop app', () => {
  expect(defaultHarnessFolder('/opt/cutoff/resources/app.asar/electron/python')).toBe('/opt/cutoff/resources/app.asar.unpacked/electron/python/harness')
  expect(defaultHarnessFolder('/src/electron/python')).toBe('/src/electron/python/harness')
})

test('byte code is kept per installation, and not at all for an image that is mounted anew each time', () => {
  const harness = defaultHarnessFolder()
  expect(byteCodeFolder(harness, { CUTOFF_CACHE_DIR: '/cache' })).toMatch(/^\/cache\/harness-[0-9a-z]+$/)
  expect(byteCodeFolder('/tmp/.mount_abc/harness', { APPDIR: '/tmp/.mount_abc' })).toBeNull()
  expect(byteCodeFolder('/no/such/folder', {})).toBeNull()
})
