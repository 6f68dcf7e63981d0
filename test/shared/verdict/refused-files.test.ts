import { describe, expect, test } from 'vitest'
import type { LeftAtError, ScriptError } from '../../../shared/run/event.ts'
import { behind, verdictOf } from '../../helpers/failed-run.ts'

const MB = 1024 ** 2
const left = (more: Partial<LeftAtError> = {}): LeftAtError => ({ descriptorLimit: 64, openDescriptors: 10, noDescriptorLeft: false, fileSizeLimit: null, largestFile: null, freeBytes: null, ...more })
const full = left({ noDescriptorLeft: true, openDescriptors: 64 })
const sqlite = { type: 'sqlite3.OperationalError', message: 'unable to open database file' }
const files = { 'os.open_files': 64 }

describe('no descriptor left, behind words of a library', () => {
  test.each<[string, Partial<ScriptError>]>([
    ['SQLite', sqlite],
    ['tempfile', { type: 'FileNotFoundError', message: "[Errno 2] No usable temporary directory found in ['/tmp']", errno: 2 }],
    ['a name that cannot be looked up', { type: 'socket.gaierror', message: '[Errno -3] Temporary failure in name resolution', errno: -3 }],
  ])('%s: the table of descriptors was full when the error was told', (_, error) => {
    const verdict = verdictOf(files, { ...error, left: full })
    expect(verdict).toMatchObject({ cause: 'os.open_files', limitId: 'os.open_files', confidence: 0.92 })
    expect(verdict.explanation).toContain('all 64 descriptors were in use')
  })

  test('the words of a native library for it are not sure', () => {
    expect(verdictOf(files, { type: 'ImportError', message: '/srv/lib/_fast.so: cannot open shared object file: Too many open files', left: left() })).toMatchObject({ cause: 'os.open_files', confidence: 0.88 })
    expect(verdictOf(files, { type: 'ImportError', message: '/srv/lib/_fast.so: cannot open shared object file: Too many open files', left: full }).confidence).toBe(0.97)
    expect(verdictOf(files, { type: 'RuntimeError', message: 'the server said: Too many open files', raised: true, left: left() }).cause).toBe('script.exception')
  })

  test('with descriptors to spare the error stands as it is, with a doubt where the run has that limit', () => {
    const doubted = verdictOf(files, { ...sqlite, left: left({ openDescriptors: 53 }) })
    expect(doubted).toMatchObject({ cause: 'script.exception', confidence: 0.85 })
    expect(doubted.explanation).toContain('53 of 64 descriptors were open when the error was told')
    expect(verdictOf({}, { ...sqlite, left: left({ descriptorLimit: 1024 }) })).toMatchObject({ cause: 'script.exception', confidence: 0.98 })
  })

  test('a path that is really not there is not blamed on it, however many are open', () => {
    const missing = { type: 'FileNotFoundError', message: "[Errno 2] No such file or directory: '/srv/data'", errno: 2 }
    for (const told of [left({ openDescriptors: 63 }), full]) expect(verdictOf(files, { ...missing, left: told })).toMatchObject({ cause: 'script.exception', confidence: 0.98 })
  })

  test('another error while none is left is not sure, and one of a pool’s process is not judged by this one', () => {
    expect(verdictOf(files, { type: 'IndexError', message: 'list index out of range', left: full })).toMatchObject({ cause: 'script.exception', confidence: 0.85 })
    expect(verdictOf(files, { ...sqlite, left: full, causes: [behind('multiprocessing.pool.RemoteTraceback', '')] }).cause).toBe('script.exception')
  })

  test('a limit that this run did not set is told as what it is', () => {
    const leak = { type: 'OSError', message: '[Errno 24] Too many open files', errno: 24, left: left({ descriptorLimit: 1024, openDescriptors: 1024, noDescriptorLeft: true }) }
    const verdict = verdictOf({}, leak)
    expect(verdict).toMatchObject({ cause: 'os.open_files', limitId: null, confidence: 0.97, headline: expect.stringContaining('limit of 1024 descriptors of the process (RLIMIT_NOFILE)') })
    expect(verdict.fix[0]).toContain('ulimit -n')
    expect(verdictOf({}, { type: 'OSError', message: '[Errno 23] Too many open files in system', errno: 23, left: left() })).toMatchObject({ cause: 'os.open_files', limitId: null, headline: expect.stringContaining('The machine has no file descriptor left') })
  })
})

describe('a refused write, behind words of a library', () => {
  test('SQLite at the limit of a file’s size', () => {
    const error = { type: 'sqlite3.OperationalError', message: 'disk I/O error' }
    expect(verdictOf({ 'os.file_size': MB }, { ...error, left: left({ fileSizeLimit: MB, largestFile: MB - 4096 }) })).toMatchObject({ cause: 'os.file_size', limitId: 'os.file_size', confidence: 0.9 })
    expect(verdictOf({ 'os.file_size': MB }, { ...error, left: left({ fileSizeLimit: MB, largestFile: 8192 }) }).cause).toBe('script.exception')
  })

  test('SQLite on a disk without room', () => {
    const error = { type: 'sqlite3.OperationalError', message: 'database or disk is full' }
    expect(verdictOf({}, { ...error, left: left({ freeBytes: 4096 }) })).toMatchObject({ cause: 'os.disk_full', confidence: 0.9 })
    expect(verdictOf({}, { ...error, left: left({ freeBytes: 900 * MB }) }).cause).toBe('script.exception')
  })

  test('a quota, by its errno', () => {
    expect(verdictOf({}, { type: 'OSError', message: '[Errno 122] Disk quota exceeded', errno: 122 })).toMatchObject({ cause: 'os.disk_full', confidence: 0.95, headline: expect.stringContaining('quota') })
  })

  test('the kernel’s words as a library quotes them are not sure', () => {
    expect(verdictOf({}, { type: 'OSError', message: "Can't write data (errno = 28, error message = 'No space left on device')" })).toMatchObject({ cause: 'os.disk_full', confidence: 0.85 })
  })
})
