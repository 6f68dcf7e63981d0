import { describe, expect, test } from 'vitest'
import { configReaders } from '../../../shared/diagnose/configs/index.ts'
import { readConfigs, recogniseConfig } from '../../../shared/diagnose/configs/read-config.ts'
import { configSamples } from './config-samples.ts'

describe('configurations', () => {
  test.each(Object.entries(configSamples))('%s: is recognised, and its limits have value, place and force', (id, sample) => {
    expect(recogniseConfig(sample)?.reader.id).toBe(id)
    const { limits } = readConfigs([sample])
    const found = limits.map((limit) => `${limit.directive} ${limit.valueMs} :${limit.line}`)
    for (const [directive, valueMs, line, more] of sample.limits) {
      const limit = limits.find((candidate) => candidate.directive === directive && candidate.line === line && (valueMs === null || Math.abs((candidate.valueMs ?? -1) - valueMs) < 1e-6))
      expect(limit, `${directive} ${valueMs} ms, line ${line}; found ${found.join(', ')}`).toBeDefined()
      expect(limit).toMatchObject({ file: sample.file, ...more })
    }
  })
  test('what is only included elsewhere is known for what it is, and holds where it is included', () => {
    const snippet = { file: 'proxy.inc', text: '# for every location\nproxy_set_header Host $host;\nproxy_read_timeout 20s;\n' }
    expect(readConfigs([snippet]).limits.map((limit) => [limit.directive, limit.valueMs, limit.line, limit.enforced])).toEqual([['proxy_read_timeout', 20_000, 3, true]])
    for (const text of ['fastcgi_param  QUERY_STRING       $query_string;\nfastcgi_param  REQUEST_METHOD     $request_method;\n', 'types {\n    text/html  html htm;\n}\n']) expect(recogniseConfig({ file: 'x', text })?.reader.id).toBe('nginx')
  })
  test('Go: a flag’s default holds until it is set, whatever it is a pointer to', () => {
    const { limits, notes } = readConfigs([{ file: 'main.go', text: 'package main\n\nvar w = flag.Int("w", 9, "write timeout")\nvar r *time.Duration = flag.Duration("r", 7*time.Second, "read timeout")\n\nfunc main() {\n\ts := http.Server{ReadTimeout: *r, WriteTimeout: time.Duration(*w) * time.Second}\n}\n' }])
    expect(limits.filter((limit) => !limit.isDefault).map((limit) => [limit.directive, limit.valueMs])).toEqual([['ReadTimeout', 7000], ['WriteTimeout', 9000]])
    expect(notes.map((note) => note.text)).toEqual([expect.stringContaining('7000 ms unless it is set otherwise'), expect.stringContaining('9000 ms unless it is set otherwise')])
  })
  test('of gunicorn’s places the command line wins, then the environment, then the file', () => {
    const conf = { file: 'gunicorn.conf.py', text: 'bind = ":80"\nworkers = 2\ntimeout = 120\nkeepalive = 5\n' }
    const inForce = (...files: { file: string; text: string }[]) => readConfigs(files).limits.filter((limit) => limit.enforced && limit.directive === '--timeout' && !limit.isDefault).map((limit) => [limit.file, limit.valueMs])
    expect(inForce(conf)).toEqual([['gunicorn.conf.py', 120_000]])
    expect(inForce(conf, { file: '.env', text: 'GUNICORN_CMD_ARGS="--timeout 90"\n' })).toEqual([['.env', 90_000]])
    expect(inForce(conf, { file: '.env', text: 'GUNICORN_CMD_ARGS="--timeout 90"\n' }, { file: 'Procfile', text: 'web: gunicorn -c gunicorn.conf.py --timeout 60 app:app\n' })).toEqual([['Procfile', 60_000]])
    expect(inForce({ ...conf, text: `${conf.text}worker_class = "gevent"\n` }, { file: 'Procfile', text: 'web: gunicorn -c gunicorn.conf.py --timeout 60 app:app\n' })).toEqual([])
  })
  test('every reader has its sample', () => {
    expect(Object.keys(configSamples).toSorted()).toEqual(configReaders.map((reader) => reader.id).toSorted())
  })
})
