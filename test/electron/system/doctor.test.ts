import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readDoctor } from '../../../electron/system/doctor.ts'
import { missingPowers, powersWithoutLinux } from '../../../electron/system/missing-powers.ts'
import { readPython } from '../../../electron/system/read-python.ts'
import { parseLimits, ulimitsOfChild } from '../../../electron/system/read-ulimits.ts'
import { findProgram } from '../../../electron/system/read-tools.ts'
import { limitKinds } from '../../../shared/limits/catalog.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cutoff-doctor-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()

/** A program of ours in place of an interpreter. */
function program(text: string): string {
  const path = join(folder, 'python3')
  writeFileSync(path, `#!/bin/sh\n${text}\n`)
  chmodSync(path, 0o755)
  return path
}

describe('doctor', () => {
  test('reads all that people check by hand', async () => {
    const { schema, takenAt, readings } = await readDoctor({ python })
    expect(schema).toBe('cutoff.doctor/1')
    expect(Number.isNaN(Date.parse(takenAt))).toBe(false)
    const ids = readings.map((reading) => reading.id)
    for (const id of ['python.path', 'python.version', 'python.json', 'python.start', 'memory.free', 'disk.temporary_files', 'tool.nginx', 'tool.haproxy', 'tool.chromium', 'tool.electron', 'system.name', 'system.load', 'cgroup.writable']) expect(ids).toContain(id)
    expect(readings.find((reading) => reading.id === 'python.json')).toMatchObject({ state: 'ok' })
    if (process.platform !== 'win32') for (const id of ['python.rlimit_as', 'ulimit.address_space', 'ulimit.open_files', 'ulimit.processes', 'ulimit.cpu_time', 'ulimit.file_size']) expect(ids).toContain(id)
    for (const reading of readings) expect(reading.state === 'ok' || reading.advice !== null, reading.id).toBe(true)
  })

  test('says what to do when there is no interpreter, and reads the rest', async () => {
    const { readings } = await readDoctor({ python: join(folder, 'nothing') })
    expect(readings.find((reading) => reading.id === 'python.path')).toMatchObject({ state: 'problem', advice: expect.stringContaining('Python') })
    expect(readings.find((reading) => reading.id === 'memory.free')?.number).toBeGreaterThan(0)
  })

  test.runIf(process.platform === 'linux')('sees the limits of the shell it was started from, as a script would', async () => {
    const script = `import { readDoctor } from ${JSON.stringify(join(import.meta.dirname, '../../../electron/system/doctor.ts'))}; console.log(JSON.stringify(await readDoctor({ python: ${JSON.stringify(python)} })))`
    writeFileSync(join(folder, 'doctor.ts'), script)
    const printed = execFileSync('sh', ['-c', 'ulimit -f 2048; ulimit -t 7; exec "$0" "$1"', process.execPath, join(folder, 'doctor.ts')], { encoding: 'utf8' })
    const readings: { id: string; state: string; number: number | null; value: string }[] = JSON.parse(printed).readings
    expect(readings.find((reading) => reading.id === 'ulimit.cpu_time')).toMatchObject({ state: 'warning', number: 7 })
    expect(readings.find((reading) => reading.id === 'ulimit.file_size')).toMatchObject({ state: 'warning', number: 1024 ** 2, value: 'soft 1 MB, hard 1 MB' })
  })
})

describe.runIf(process.platform !== 'win32')('an interpreter that cannot be used is told by its own words', () => {
  test('it fails', async () => {
    expect(await readPython(program('echo "no module named encodings" >&2; exit 1'))).toMatchObject({ ok: false, problem: expect.stringContaining('no module named encodings') })
  })
  test('it is something else', async () => {
    expect(await readPython(program('echo hello'))).toMatchObject({ ok: false, problem: expect.stringMatching(/JSON|hello/) })
  })
  test('it is no program', async () => {
    const path = join(folder, 'text')
    writeFileSync(path, 'text')
    expect(await readPython(path)).toMatchObject({ ok: false, problem: expect.stringContaining('EACCES') })
  })
})

describe('kernel limits', () => {
  test('are read from the kernel\'s table', () => {
    const table = 'Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            unlimited            seconds   \nMax open files            1024                 4096                 files     \nMax nice priority         0                    0                    \n'
    expect(parseLimits(table)).toEqual([
      { name: 'Max cpu time', soft: null, hard: null, unit: 'seconds' }, { name: 'Max open files', soft: 1024, hard: 4096, unit: 'files' }, { name: 'Max nice priority', soft: 0, hard: 0, unit: '' },
    ])
  })
  test('of a child go before our own, and stand alone where the kernel has no table', () => {
    const own = [{ name: 'Max open files', soft: 20000, hard: 20000, unit: 'files' }, { name: 'Max pending signals', soft: 1, hard: 1, unit: 'signals' }]
    expect(ulimitsOfChild(own, { NOFILE: [1024, null], DATA: [1, 1] })).toEqual([{ name: 'Max open files', soft: 1024, hard: null, unit: 'files' }, own[1]])
    expect(ulimitsOfChild(null, { AS: [5, 6] })).toEqual([{ name: 'Max address space', soft: 5, hard: 6, unit: 'bytes' }])
    expect(ulimitsOfChild(own, null)).toEqual(own)
    expect(ulimitsOfChild(null, null)).toBeNull()
  })
})

describe('missing powers', () => {
  test('name limits that exist, each with a reason', async () => {
    const bases = new Set(limitKinds.map((kind) => kind.base))
    for (const powers of [await missingPowers(), powersWithoutLinux('win32'), powersWithoutLinux('darwin')]) {
      for (const { limitId, reason } of powers) {
        expect(bases).toContain(limitId)
        expect(reason.length).toBeGreaterThan(10)
      }
    }
  })
  test('are all kernel limits on Windows', () => {
    expect(powersWithoutLinux('win32').map((power) => power.limitId)).toEqual(expect.arrayContaining(limitKinds.filter((kind) => kind.layer === 'os').map((kind) => kind.base)))
  })
})

test.runIf(process.platform !== 'win32')('a program is found in folders that are not on PATH; a folder of its name is none', async () => {
  mkdirSync(join(folder, 'a', 'only-here'), { recursive: true })
  writeFileSync(join(folder, 'only-here'), '')
  chmodSync(join(folder, 'only-here'), 0o755)
  expect(await findProgram(['no-such-program', 'only-here'], [join(folder, 'a'), folder])).toBe(join(folder, 'only-here'))
  expect(await findProgram(['no-such-program'], [folder])).toBeNull()
})
