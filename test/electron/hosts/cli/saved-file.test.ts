import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseSavedRun } from '../../../../shared/export/import-run.ts'
import { cutoff } from '../../../helpers/cutoff.ts'
import { savedText } from '../../../shared/export/saved-runs.ts'

let folder = ''
beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'cutoff-saved-file-')) })
afterAll(async () => { await rm(folder, { recursive: true, force: true }) })

test('run --save leaves out locals and secrets; the file opens, is shown and exported like a kept run', async () => {
  const [script, saved] = [join(folder, 'main.py'), join(folder, 'run.json')]
  await writeFile(script, 'def transform(input_data):\n    password = input_data["password"]\n    print("order 1")\n    print("Authorization: Bearer " + password)\n    raise ValueError("no such order")\n')
  const run = await cutoff(['run', script, '--locals', '--input', '{"password": "hunter2-and-more"}', '--save', saved])
  expect(run.code).toBe(1)
  const text = await readFile(saved, 'utf8')
  expect(text).not.toContain('hunter2-and-more')
  expect(parseSavedRun(text)).toMatchObject({ ok: true, run: { redacted: true, record: { verdict: { cause: 'script.exception' } } } })
  const shown = await cutoff(['show', saved])
  expect(shown.code).toBe(0)
  expect(shown.stdout).toMatch(/^Failed {2}Your script raised ValueError: no such order on line 5\./)
  expect(shown.stdout).toContain('ValueError: no such order\n\nPrinted last\n  order 1\n  Authorization: Bearer [redacted]\n')
  const exported = await cutoff(['export', saved, '--format', 'html'])
  expect(exported.stdout).toContain('Your script raised ValueError: no such order on line 5.')
})

test('a file that is no run is refused with where and why, in words and as JSON', async () => {
  const broken = join(folder, 'broken.json')
  await writeFile(broken, savedText('cut').replace('"outcome":"cut"', '"outcome":"lost"'))
  const told = await cutoff(['show', broken])
  expect(told).toMatchObject({ code: 2, stdout: '' })
  expect(told.stderr).toMatch(/record\.outcome: expected .*"cut".*, found "lost"/)
  const asJson = await cutoff(['show', join(folder, 'nowhere.json'), '--json'])
  expect(asJson.code).toBe(2)
  expect(JSON.parse(asJson.stdout)).toMatchObject({ schema: 'cutoff.error/1', code: 'run_file_not_found', where: join(folder, 'nowhere.json') })
})
