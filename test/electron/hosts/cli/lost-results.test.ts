import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunRecord } from '../../../../shared/run/record.ts'
import { cutoff } from '../../../helpers/cutoff.ts'

const entry = join(import.meta.dirname, '../../../../electron/hosts/cli.js')

let folder = ''
let script = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cutoff-lost-'))
  script = join(folder, 'main.py')
  writeFileSync(script, 'def transform(input_data):\n    return {"done": True}\n')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the command line with a reader of one of its pipes that has left already. */
async function withoutReader(pipe: 'stdout' | 'stderr', args: readonly string[]): Promise<{ code: number | null; other: string }> {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CUTOFF_DATA_DIR: join(folder, 'data') } })
  child[pipe].destroy()
  let other = ''
  child[pipe === 'stdout' ? 'stderr' : 'stdout'].setEncoding('utf8').on('data', (text: string) => { other += text })
  const code = await new Promise<number | null>((resolve) => { child.once('close', resolve) })
  return { code, other }
}

describe('a reader that has left, as head does', () => {
  test.each([['limits'], ['history'], ['--help']])('is no fault of cutoff %s', async (...args) => {
    expect(await withoutReader('stdout', args)).toEqual({ code: 0, other: '' })
  })
  test('of a run: its exit code is still that of the run', async () => {
    const { code, other } = await withoutReader('stdout', ['run', script, '--json'])
    expect(other).not.toMatch(/EPIPE|node:events/)
    expect(code).toBe(0)
  })
  test('of stderr: the run goes on, its result is printed', async () => {
    const { code, other } = await withoutReader('stderr', ['run', script])
    expect(other).toMatch(/^Completed/)
    expect(code).toBe(0)
  })
})

/** A small file system of its own can be mounted by root, in a mount namespace that ends with the process. */
const canMount = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt']).status === 0

describe.runIf(canMount)('on a disk that is full', () => {
  /** `before` is done on the disk before it is filled up; `$0` is Node, `$1` the command line. What the disk held at the end is copied to `kept`. */
  function onFullDisk(before: string, command: string): { code: number | null; stdout: string; stderr: string; kept: Record<string, string> } {
    const [disk, kept] = [join(folder, 'disk'), join(folder, 'kept')]
    mkdirSync(disk)
    mkdirSync(kept)
    const steps = `mount -t tmpfs -o size=256k none ${disk} && cd ${disk} && { ${before}; } && { dd if=/dev/zero of=filler bs=1k 2>/dev/null; ${command}; } && code=0 || code=$?; rm -f filler; cp -a ${disk}/. ${kept}/; exit $code`
    const { status, stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', steps, process.execPath, entry], { encoding: 'utf8', timeout: 60_000, env: { ...process.env, CUTOFF_DATA_DIR: join(folder, 'data') } })
    return { code: status, stdout, stderr, kept: Object.fromEntries(readdirSync(kept, { withFileTypes: true }).filter((item) => item.isFile()).map(({ name }) => [name, readFileSync(join(kept, name), 'utf8')])) }
  }

  test('a run that cannot be saved is told all the same; the file that stood there stays whole', () => {
    const { code, stdout, stderr, kept } = onFullDisk('echo before > run.json', `"$0" "$1" run ${script} --save run.json --json`)
    expect((JSON.parse(stdout) as RunRecord).outcome).toBe('completed')
    expect(stderr).toMatch(/^cutoff: the run could not be saved: the disk is full \(run\.json\)$/m)
    expect(code).toBe(4)
    expect(kept).toEqual({ 'run.json': 'before\n' })
  })
  test('the first of repeats that cannot be saved does not cost the others', () => {
    const { code, stdout, stderr } = onFullDisk(':', `"$0" "$1" run ${script} --repeat 2 --save run.json`)
    expect(stdout).toMatch(/^2 runs: 2 completed/)
    expect(stderr).toContain('the run could not be saved: the disk is full')
    expect(code).toBe(4)
  })
  test('an export leaves the file that stood there', () => {
    const { code, stderr, kept } = onFullDisk(`echo before > run.html; "$0" "$1" run ${script} >/dev/null 2>&1`, '"$0" "$1" export 1 --format html --output run.html')
    expect({ code, kept }).toEqual({ code: 2, kept: { 'run.html': 'before\n' } })
    expect(stderr).toContain('the export could not be written: the disk is full')
  })
  test('a result that goes there is told as lost', () => {
    const { code, stderr } = onFullDisk(':', '"$0" "$1" limits > limits.txt')
    expect(stderr).toBe('cutoff: the result could not be written: the disk is full\n')
    expect(code).toBe(4)
  })
  test('a run that did not come into the history says so, once for all repeats', () => {
    const { code, stdout, stderr } = onFullDisk(':', `CUTOFF_DATA_DIR=${join(folder, 'disk', 'data')} "$0" "$1" run ${script} --repeat 3`)
    expect(stdout).toMatch(/^3 runs: 3 completed/)
    expect(stderr.match(/^note: this run was not kept: .*the disk is full; free some space$/gm)).toHaveLength(1)
    expect(code).toBe(0)
  })
})

test('called with nothing at all it shows its help, and nothing of its own making', async () => {
  const { code, stdout, stderr } = await cutoff([])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^Usage: cutoff/)
  expect(stderr).not.toMatch(/outputHelp|^cutoff:/m)
})

test('a command that is nearly one is told in the hint', async () => {
  const { code, stdout } = await cutoff(['runn', '--json'])
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ code: 'unknownCommand', message: "unknown command 'runn'", hint: 'did you mean run?' })
})
