import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAlive, processTree } from '../helpers/process-tree.ts'

const root = join(import.meta.dirname, '../..')
/** On Windows npm and npx are batch files, which only a shell starts. */
const shell = process.platform === 'win32'
const npm = 'npm'

describe('the npm package, installed into an empty folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutoff-npm-'))
  const installed = join(folder, 'empty')
  const script = join(folder, 'two_second_delay.py')
  const env = { ...process.env, CUTOFF_DATA_DIR: join(folder, 'data'), npm_config_ignore_scripts: 'false' }
  let tarball = ''
  beforeAll(() => {
    mkdirSync(installed)
    writeFileSync(script, 'import time\ndef transform(input_data):\n    time.sleep(2)\n    return {"status": "success", "input": input_data}\n')
    const packed: unknown = JSON.parse(execFileSync(npm, ['pack', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8', env, shell, stdio: ['ignore', 'pipe', 'ignore'] }))
    const [first] = Object.values(packed as Record<string, { filename: string }>)
    tarball = join(folder, first?.filename ?? '')
    execFileSync(npm, ['install', '--prefer-offline', '--no-audit', '--no-fund', '--prefix', installed, tarball], { cwd: installed, env, shell, stdio: ['ignore', 'ignore', 'pipe'] })
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }))
  const cutoff = (...args: string[]) => spawnSync('npx', ['--no-install', 'cutoff', ...args], { cwd: installed, encoding: 'utf8', env, shell })

  test('brings neither Electron nor what is built into the screen, nor sources', () => {
    for (const name of ['electron', 'react', 'vite', '@mantine', 'recharts', 'playwright-core']) expect(existsSync(join(installed, 'node_modules', name)), name).toBe(false)
    const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n')
    expect(listed).toContain('package/dist/out/renderer/index.html')
    expect(listed).toContain('package/dist/THIRD-PARTY-LICENSES.txt')
    expect(listed.filter((path) => /\.tsx?$|\/test\/|\/build\/|electron\/(?:main|window|menu|preload|desktop)[./]/.test(path))).toEqual([])
  })
  test('`npx cutoff run` gives the verdict of the classic case', () => {
    const run = cutoff('run', script, '--limit', 'client.total=500ms', '--json')
    expect(run.status, run.stderr).toBe(3)
    expect(JSON.parse(run.stdout)).toMatchObject({ schema: 'cutoff.run/1', outcome: 'cut', verdict: { cause: 'client.total' } })
  })
  test('`npx cutoff serve` serves the screen, and Ctrl+C leaves no process', async () => {
    const child = spawn(process.execPath, [join(installed, 'node_modules/cutoff/dist/cutoff.js'), 'serve', '--no-open'], { cwd: installed, env, stdio: ['ignore', 'pipe', 'inherit'] })
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (data: Buffer) => resolve(String(data).trim()))
      child.once('exit', (code) => reject(new Error(`it ended with ${code}`)))
    })
    const opened = await fetch(url, { redirect: 'manual' })
    expect(opened.status).toBe(303)
    const page = await fetch(new URL('/', url), { headers: { Cookie: opened.headers.get('set-cookie')?.split(';')[0] ?? '' } })
    expect(await page.text()).toContain('<div id="root">')
    const tree = processTree(child.pid ?? 0)
    child.kill('SIGINT')
    await expect.poll(() => tree.filter(isAlive), { timeout: 10_000 }).toEqual([])
  })
  test('an older Node hands over to the one that came along', () => {
    const old = oldNode()
    const run = old ? spawnSync(old, [join(installed, 'node_modules/cutoff/dist/cutoff.js'), 'limits', '--json'], { cwd: installed, encoding: 'utf8', env }) : cutoff('limits', '--json')
    expect(run.status, run.stderr).toBe(0)
    expect(JSON.parse(run.stdout)).toBeTypeOf('object')
  })
  test.runIf(oldNode() !== null)('an older Node without that one says what it needs', () => {
    const alone = join(folder, 'alone.js')
    cpSync(join(installed, 'node_modules/cutoff/dist/cutoff.js'), alone)
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    const run = spawnSync(oldNode() ?? '', [alone, 'limits', '--json'], { encoding: 'utf8', env })
    expect(run.status).toBe(4)
    expect(JSON.parse(run.stdout)).toMatchObject({ schema: 'cutoff.error/1', code: 'node_too_old', hint: expect.stringContaining('install Node 24') })
  })
  test('`npx cutoff` has every command, and keeps what was run', () => {
    expect(cutoff('doctor', '--json').status).toBe(0)
    expect(JSON.parse(cutoff('history', '--json').stdout)).toMatchObject({ schema: 'cutoff.history/1', total: 1 })
    writeFileSync(join(folder, 'nginx.conf'), 'http { server { listen 80; location / { proxy_pass http://127.0.0.1:9; proxy_read_timeout 500ms; } } }\n')
    const diagnosis = cutoff('diagnose', join(folder, 'nginx.conf'), '--json')
    expect(JSON.parse(diagnosis.stdout)).toMatchObject({ schema: 'cutoff.diagnosis/1', limits: expect.arrayContaining([expect.objectContaining({ directive: 'proxy_read_timeout', valueMs: 500 })]) })
  })
  test('bad usage exits 2, also through npx', () => {
    expect(cutoff('run', 'nowhere.py', '--json').status).toBe(2)
  })
})

/** A Node older than the engine wants, where this machine has one: the Node that runs npm often is. */
function oldNode(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== dirname(process.execPath) && !folder.includes('node_modules'))
  return folders.map((folder) => join(folder, 'node')).find((path) => existsSync(path) && Number(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.slice(1).split('.')[0]) < 24) ?? null
}
