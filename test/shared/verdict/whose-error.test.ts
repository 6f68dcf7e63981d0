import { describe, expect, test } from 'vitest'
import { toRecord } from '../../../shared/run/to-record.ts'
import type { MemoryAtError, ScriptError } from '../../../shared/run/event.ts'
import { behind, runOf, verdictOf, type Fact } from '../../helpers/failed-run.ts'

const MB = 1024 ** 2
const GB = 1024 ** 3
const counted = (name: string, delta: number): Fact => [41, { type: 'kernel_counter', name, delta }]
const space = { 'os.address_space': 512 * MB }

describe('what the script raised itself is its own word', () => {
  test.each<[string, Record<string, number>, Partial<ScriptError>]>([
    ['MemoryError', space, { type: 'MemoryError', message: 'pool exhausted' }],
    ['the words of errno 12', space, { message: 'upstream: [Errno 12] Cannot allocate memory' }],
    ['errno 24', { 'os.open_files': 64 }, { type: 'OSError', message: '[Errno 24] Too many open files', errno: 24 }],
    ['the words of errno 28', {}, { message: 'the store said [Errno 28] No space left on device' }],
    ['the words of a thread that cannot start', { 'os.processes': 20 }, { message: "can't start new thread" }],
  ])('%s', (_, limits, error) => {
    const verdict = verdictOf(limits, { ...error, raised: true })
    expect(verdict.cause).toBe('script.exception')
    expect(verdict.headline).toContain('on line 4')
  })

  test('a MemoryError by hand leaves a doubt, and names it', () => {
    const verdict = verdictOf(space, { type: 'MemoryError', raised: true })
    expect(verdict.confidence).toBeLessThan(0.9)
    expect(verdict.alternatives).toContainEqual(expect.objectContaining({ cause: 'os.address_space', why_not: expect.stringContaining('raise statement') }))
  })

  test('what was raised for a refusal of the kernel is not sure, and names the refusal', () => {
    const verdict = verdictOf({ 'os.open_files': 64 }, { raised: true, causes: [behind('OSError', '[Errno 24] Too many open files', 24)] })
    expect(verdict).toMatchObject({ cause: 'os.open_files', limitId: 'os.open_files', confidence: 0.88 })
    expect(verdict.evidence[0]?.text).toBe('OSError: [Errno 24] Too many open files, behind RuntimeError: no on line 4')
    expect(verdictOf(space, { type: 'ExceptionGroup', causes: [behind('MemoryError', '')] }).cause).toBe('os.address_space')
    expect(verdictOf(space, { raised: true, causes: [behind('MemoryError', 'mine', null, true)] }).cause).toBe('script.exception')
  })

  test('what stands behind an error is told', () => {
    expect(verdictOf({}, { type: 'ExceptionGroup', causes: [behind('KeyError', "'id'")] }).explanation).toContain("Behind it: KeyError: 'id'.")
  })
})

describe('want of memory', () => {
  test('a single request beyond what was left: how much is not known, so nobody is sure', () => {
    const verdict = verdictOf(space, { type: 'MemoryError', addressSpacePeak: 40 * MB })
    expect(verdict).toMatchObject({ cause: 'os.address_space', confidence: 0.88 })
    expect(verdict.explanation).toContain('At most 40 MB had been reserved until then')
    expect(verdictOf(space, { type: 'MemoryError', addressSpacePeak: 500 * MB })).toMatchObject({ cause: 'os.address_space', confidence: 0.97 })
  })

  test('numpy tells how much it asked for: the advice is enough for it', () => {
    const verdict = verdictOf(space, { type: 'numpy.core._exceptions._ArrayMemoryError', message: 'Unable to allocate 7.45 GiB for an array with shape (1000000000,)', addressSpacePeak: 200 * MB })
    expect(verdict).toMatchObject({ cause: 'os.address_space', confidence: 0.97 })
    expect(verdict.fix[0]).toBe('Set os.address_space to 8 GB')
  })

  const machine = { memory: 16 * GB, swap: 0, overcommit: 0, commitLimit: 8 * GB, committed: 4 * GB }
  const asking = (asked: number | null, more: Partial<MemoryAtError> = {}): Partial<ScriptError> => ({ type: 'MemoryError', addressSpacePeak: 60 * MB, memory: { asked, used: 50 * MB, limit: 512 * MB, otherProcess: false, machine, ...more } })
  const always = { ...machine, overcommit: 1 }

  test('what the limit refused and the machine would have granted: how much, and what was in use', () => {
    const verdict = verdictOf(space, asking(2 * GB))
    expect(verdict).toMatchObject({ cause: 'os.address_space', limitId: 'os.address_space', confidence: 0.97 })
    expect(verdict.explanation).toContain('It asked for 2 GB in one piece, with 50 MB in use.')
    expect(verdict.fix[0]).toBe('Set os.address_space to 3 GB')
    expect(verdictOf(space, asking(20 * GB, { machine: always })).cause).toBe('os.address_space')
  })

  test.each<[string, Partial<ScriptError>, string]>([
    ['more than any address space', asking(8e18, { machine: always }), 'no process has as much address space'],
    ['more than the machine has', asking(20 * GB), 'this machine has 16 GB of memory and swap'],
    ['more than the machine has promised yet', asking(5 * GB, { machine: { ...machine, overcommit: 2 } }), '4 GB of it were left'],
    ['more than any address space, near the limit', { ...asking(8e18), addressSpacePeak: 500 * MB }, 'no process has as much address space'],
    ['more than any address space, in the child of a pool', { ...asking(8e18, { used: null, otherProcess: true }), causes: [behind('multiprocessing.pool.RemoteTraceback', '')] }, 'no process has as much address space'],
    ['numpy’s words for it', { ...asking(null), type: 'numpy._core._exceptions._ArrayMemoryError', message: 'Unable to allocate 6.94 EiB for an array' }, 'It asked for 6.9 EB'],
    ['Python’s parser', asking(0), 'Python’s parser says MemoryError'],
  ])('a request that would fail without the limit as well is not blamed on it: %s', (_, error, why) => {
    const verdict = verdictOf(space, error)
    expect(verdict).toMatchObject({ cause: 'script.exception', limitId: null })
    expect(verdict.explanation).toContain(why)
    expect(verdict.alternatives.find(({ cause }) => cause === 'os.address_space')?.why_not).toBeTruthy()
  })

  test('what neither the limit nor the machine would have refused: nobody knows who did', () => {
    const verdict = verdictOf({ 'os.address_space': 4 * GB }, asking(300 * MB, { limit: 4 * GB }))
    expect(verdict).toMatchObject({ cause: 'script.exception', confidence: 0.8 })
    expect(verdict.explanation).toContain('It asked for 300 MB in one piece, with 50 MB in use. What refused it is not known')
    expect(verdictOf(space, asking(440 * MB)).cause).toBe('os.address_space')
  })

  test('what was raised for such a refusal tells it as well; a MemoryError by hand does not', () => {
    const wrapped = { ...asking(8e18), type: 'shop.LoadError', raised: true, causes: [behind('MemoryError', '')] }
    expect(verdictOf(space, wrapped).explanation).toContain('no process has as much address space')
    expect(verdictOf(space, { ...asking(8e18), raised: true }).explanation).not.toContain('It asked for')
  })

  test('of a child, as long as nobody knows how much: not sure', () => {
    const verdict = verdictOf(space, { ...asking(null, { used: null, otherProcess: true }), addressSpacePeak: null })
    expect(verdict).toMatchObject({ cause: 'os.address_space', confidence: 0.8, headline: expect.stringContaining('A child process of your script') })
    expect(verdictOf(space, { ...asking(300 * MB, { used: null, otherProcess: true }), addressSpacePeak: null }).confidence).toBe(0.8)
  })

  test('a limit that this run did not set is told as what it is', () => {
    const verdict = verdictOf({ 'os.address_space': 4 * GB }, asking(GB))
    expect(verdict).toMatchObject({ cause: 'os.address_space', limitId: null, headline: 'Python ran out of address space on line 4: the 512 MB limit of the process (RLIMIT_AS) was reached.' })
    expect(verdict.fix.join()).not.toContain('Set os.address_space')
    expect(verdictOf(space, asking(2 * GB, { limit: null })).cause).toBe('script.exception')
  })

  test('of a graphics card is not address space', () => {
    expect(verdictOf(space, { type: 'torch.OutOfMemoryError', message: 'CUDA out of memory' }).cause).toBe('script.exception')
  })
})

describe('EAGAIN', () => {
  const eagain = { type: 'BlockingIOError', message: '[Errno 11] Resource temporarily unavailable', errno: 11 }
  test('of a socket that is not ready is no limit of processes', () => {
    expect(verdictOf({ 'os.processes': 20 }, { ...eagain, traceback: 'Traceback\n  File "/s.py", line 4, in transform\n    a.recv(10)\n' }).cause).toBe('script.exception')
    expect(verdictOf({ 'os.processes': 20 }, { ...eagain, traceback: '    os.fork()\n' }, counted('cgroup.pids.max', 0)).cause).toBe('script.exception')
  })
  test('where a process is started it is; the control group’s counter proves it', () => {
    expect(verdictOf({ 'os.processes': 20 }, { ...eagain, traceback: '    pid = os.fork()\n' })).toMatchObject({ cause: 'os.processes', confidence: 0.95 })
    const proved = verdictOf({ 'os.processes': 20 }, { ...eagain, traceback: '    helper()\n' }, counted('cgroup.pids.max', 3))
    expect(proved).toMatchObject({ cause: 'os.processes', confidence: 0.95 })
    expect(proved.explanation).toContain('control group')
    expect(proved.evidence.map(({ text }) => text)).toContain('cgroup.pids.max rose by 3')
  })
})

test('a handler of SIGXCPU that raises is the CPU limit, not an error of the script', () => {
  expect(verdictOf({ 'os.cpu_time': 1000 }, { raised: true, cpuSignal: true })).toMatchObject({ cause: 'os.cpu_time', confidence: 0.96 })
  expect(verdictOf({}, { raised: true, cpuSignal: true }).cause).toBe('script.exception')
  expect(verdictOf({ 'os.cpu_time': 1000 }, { cpuSignal: true }).fix.join()).not.toContain('had ended by then')
})

describe('what ended a child of the script', () => {
  const died = (how: string): Partial<ScriptError> => ({ type: 'subprocess.CalledProcessError', message: `Command 'x' ${how}.` })
  test('the OOM killer, by the kernel’s counter', () => {
    expect(verdictOf({ 'os.memory': 100 * MB }, died('died with <Signals.SIGKILL: 9>'), counted('cgroup.memory.oom_kill', 1))).toMatchObject({ cause: 'os.oom_kill', limitId: 'os.memory', confidence: 0.95 })
    expect(verdictOf({}, { type: 'concurrent.futures.process.BrokenProcessPool', message: 'A process in the process pool was terminated abruptly' }, counted('vmstat.oom_kill', 1))).toMatchObject({ cause: 'os.oom_kill', limitId: null, confidence: 0.8 })
    expect(verdictOf({ 'os.memory': 100 * MB }, died('died with <Signals.SIGKILL: 9>')).cause).toBe('script.exception')
  })
  test('the signal that only a limit sends', () => {
    expect(verdictOf({ 'os.cpu_time': 1000 }, died('died with <Signals.SIGXCPU: 24>')).cause).toBe('os.cpu_time')
    expect(verdictOf({ 'os.file_size': 1000 }, died('died with <Signals.SIGXFSZ: 25>')).cause).toBe('os.file_size')
    expect(verdictOf({}, died('died with <Signals.SIGXCPU: 24>')).cause).toBe('script.exception')
  })
  test('its last words, where address space is capped', () => {
    const said: Fact = [43, { type: 'log', line: 3, source: 'connector', level: 'error', message: 'Python script execution failed', fields: { stderr: 'Traceback (most recent call last):\nMemoryError\n' } }]
    expect(verdictOf(space, died('returned non-zero exit status 1'), said)).toMatchObject({ cause: 'os.address_space', confidence: 0.86 })
    expect(verdictOf({ 'os.address_space': 0 }, { type: 'KeyError' }, said).cause).toBe('script.exception')
  })
})

test('a kernel limit that the verdict is sure of stands as fired in the record', () => {
  const record = toRecord(runOf({ 'os.open_files': 64, 'os.processes': 9 }, { type: 'OSError', message: '[Errno 24] Too many open files', errno: 24 }), { output: null, logLines: 0 })
  expect(record.limits.filter((limit) => limit.fired).map(({ id }) => id)).toEqual(['os.open_files'])
})

test('a message that is as long as an answer is shortened; the line it was raised on is quoted', () => {
  const verdict = verdictOf({}, { type: 'ValueError', message: 'x'.repeat(8000), detail: 'raise ValueError(text)' })
  expect(verdict.headline.length).toBeLessThan(400)
  expect(verdict.explanation).toContain('Line 4 reads “raise ValueError(text)”.')
})

test('a missing module is to be installed wherever it is imported; how long loading took is no matter of an error', () => {
  const verdict = verdictOf({}, { type: 'ModuleNotFoundError', message: "No module named 'x'" }, [10, { type: 'span_started', spanId: 'l', parentId: 'p', layer: 'script', name: 'load' }])
  expect(verdict.fix[0]).toContain('Install the module')
  expect(verdict.explanation).not.toContain('had not been reached')
})

test('a file that hides a standard module is the first thing to change', () => {
  expect(verdictOf({}, { type: 'TypeError', message: "'module' object is not callable", hidden: ['select'] }).fix[0]).toContain('Rename select.py beside the script')
  const own = { type: 'AttributeError', hidden: ['two_second_delay'] }
  expect(verdictOf({}, { ...own, message: "module 'two_second_delay' has no attribute 'x'" }).fix[0]).toContain('Rename two_second_delay.py: it was loaded')
  expect(verdictOf({}, { ...own, message: "'dict' object has no attribute 'x'" }).fix.join()).not.toContain('Rename')
  expect(verdictOf({}, { type: 'ValueError', hidden: ['select'] }).fix.join()).not.toContain('Rename')
})

test('advice names the file as well where the error came from another one, and no line where none is known', () => {
  expect(verdictOf({}, { file: '/scripts/helpers.py', line: 7 }).fix).toEqual(['Look at line 7 of helpers.py; the traceback tells how it got there.'])
  expect(verdictOf({}, { phase: 'compile', type: 'SyntaxError', file: '/scripts/helpers.py', line: 7 }).fix[0]).toBe('Mend line 7 of helpers.py: the parser stopped there.')
  expect(verdictOf({}, { phase: 'import', file: '/scripts/helpers.py', line: 7 }).fix[0]).toContain('Look at line 7 of helpers.py:')
  expect(verdictOf({}, { line: null }).fix).toEqual(['The traceback tells where it was raised.'])
})
