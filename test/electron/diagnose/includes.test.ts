import { describe, expect, test } from 'vitest'
import { runDiagnose } from '../../../electron/diagnose/run-diagnose.ts'
import type { Diagnosis } from '../../../shared/diagnose/diagnosis.ts'

/** What is read of files that are put down together: every limit in force with its place and value, and the notes. */
async function read(files: Record<string, string>): Promise<{ inForce: string[]; idle: string[]; notes: string[]; diagnosis: Diagnosis }> {
  const diagnosis = await runDiagnose({ paths: [], texts: Object.entries(files).map(([file, text]) => ({ file, text })) })
  const words = (enforced: boolean) => diagnosis.limits.filter((limit) => limit.enforced === enforced && !limit.isDefault).map((limit) => `${limit.file}:${limit.line} ${limit.directive} = ${limit.valueMs ?? limit.asWritten}`)
  return { inForce: words(true), idle: words(false), notes: diagnosis.notes.map((note) => `${note.file}:${note.line} ${note.text}`), diagnosis }
}

const lines = (...all: string[]) => `${all.join('\n')}\n`

describe('Caddyfile: import', () => {
  test('a snippet stands where it is imported, with its arguments, and its limits keep their own lines', async () => {
    const { inForce, idle, diagnosis } = await read({ Caddyfile: lines('(up) {', '\treverse_proxy {args[0]} {', '\t\tlb_retries 2', '\t\ttransport http {', '\t\t\tdial_timeout {args[1]}', '\t\t}', '\t}', '}', '(unused) {', '\treverse_proxy x:1 {', '\t\tstream_timeout 1h', '\t}', '}', 'example.com {', '\timport up 10.0.0.1:80 2s', '}') })
    expect(inForce).toEqual(['Caddyfile:5 dial_timeout = 2000'])
    expect(diagnosis.limits[0]).toMatchObject({ scope: 'example.com, reverse_proxy 10.0.0.1:80, transport http', attempts: 3 })
    expect(idle).toEqual(['Caddyfile:11 stream_timeout = 3600000'])
  })
  test('files are found by their pattern, and one that nobody would know by itself is known', async () => {
    const { inForce, notes, diagnosis } = await read({ 'etc/Caddyfile': lines('example.com {', '\timport sites/*.caddy', '\timport gone.conf', '}'), 'etc/sites/a.caddy': lines('request_body {', '\tread_timeout 7s', '}') })
    expect(inForce).toEqual(['etc/sites/a.caddy:2 read_timeout = 7000'])
    expect(notes).toEqual(['etc/Caddyfile:3 import gone.conf: not among the given files; limits set there are missing'])
    expect(diagnosis.sources.map((source) => source.kind)).toContain('part of a configuration')
  })
  test('a snippet that imports itself is a note', async () => {
    const { notes } = await read({ Caddyfile: lines('(a) {', '\timport a', '}', 'example.com {', '\timport a', '\treverse_proxy b:1', '}') })
    expect(notes).toEqual(['Caddyfile:2 import a: it imports itself'])
  })
})

describe('lighttpd and Varnish: include', () => {
  test('lighttpd: what is included in a condition holds there; what a program prints is a note', async () => {
    const { inForce, notes, diagnosis } = await read({ 'lighttpd.conf': lines('server.modules = ( "mod_proxy" )', 'server.port = 80', 'server.document-root = "/srv"', '$HTTP["host"] == "a" {', '  include "conf.d/*.conf"', '}', 'include_shell "/usr/share/x.pl"'), 'conf.d/proxy.conf': lines('proxy.server = ( "" => (( "host" => "h", "read-timeout" => 20 )))') })
    expect(inForce).toEqual(['conf.d/proxy.conf:1 proxy.server read-timeout = 20000'])
    expect(diagnosis.limits.find((limit) => limit.line === 1)?.scope).toContain('$HTTP["host"] == "a"')
    expect(notes).toEqual(['lighttpd.conf:7 include_shell "/usr/share/x.pl": what the program prints is not known here; limits set there are missing'])
  })
  test('VCL: included backends count for the file that includes them, a remark includes nothing', async () => {
    const { inForce, notes, diagnosis } = await read({ 'default.vcl': lines('vcl 4.1;', '// include "no.vcl";', 'include "backends.vcl";', 'include "lost.vcl";', 'sub vcl_backend_fetch { set bereq.between_bytes_timeout = 9s; }'), 'vcl/backends.vcl': lines('backend a {', '  .host = "x";', '  .first_byte_timeout = 7s;', '}') })
    expect(inForce).toEqual(['vcl/backends.vcl:3 first_byte_timeout = 7000', 'default.vcl:5 between_bytes_timeout = 9000'])
    expect(diagnosis.limits.filter((limit) => limit.directive === 'first_byte_timeout')).toHaveLength(1)
    expect(notes).toEqual(['default.vcl:4 include lost.vcl: not among the given files; limits set there are missing'])
  })
})

describe('environment files', () => {
  test('systemd: what EnvironmentFile= sets holds against Environment=, and fills in the command', async () => {
    const { inForce, idle, notes } = await read({ 'api.service': lines('[Unit]', 'Description=api', '[Service]', 'Environment="HTTP_TIMEOUT=5s" WORKERS=2', 'EnvironmentFile=-/etc/default/api', 'EnvironmentFile=/etc/api/lost', 'ExecStart=/usr/bin/gunicorn app:app --timeout ${GUNICORN_TIMEOUT}'), 'default/api': lines('GUNICORN_TIMEOUT=90', 'HTTP_TIMEOUT=30s') })
    expect(inForce).toEqual(expect.arrayContaining(['api.service:7 --timeout = 90000', 'default/api:2 HTTP_TIMEOUT = 30000']))
    expect(idle).toEqual(['api.service:4 HTTP_TIMEOUT = 5000'])
    expect(notes).toEqual(['api.service:6 EnvironmentFile=/etc/api/lost: not among the given files; what it sets is missing', 'api.service:7 ${GUNICORN_TIMEOUT} is 90 (default/api:1)'])
  })
  test('Compose: environment holds against env_file, the .env beside it fills in what the file refers to', async () => {
    const { inForce, idle, notes } = await read({ 'docker-compose.yml': lines('services:', '  web:', '    image: x', '    command: gunicorn app:app --timeout ${T:-30}', '    env_file:', '      - a.env', '      - path: ./b.env', '        required: false', '    environment:', '      REQUEST_TIMEOUT: 3s'), '.env': 'T=45\n', 'a.env': lines('REQUEST_TIMEOUT=9s', 'DB_TIMEOUT=4s') })
    expect(inForce).toEqual(['docker-compose.yml:4 --timeout = 45000', 'a.env:2 DB_TIMEOUT = 4000', 'docker-compose.yml:10 REQUEST_TIMEOUT = 3000'])
    expect(idle).toEqual(['a.env:1 REQUEST_TIMEOUT = 9000'])
    expect(notes).toEqual(['docker-compose.yml:4 ${T:-30} is 45 (.env:1)'])
  })
  test('Compose: a file of variables that is not there is a note', async () => {
    const { notes } = await read({ 'compose.yml': lines('services:', '  web:', '    image: x', '    env_file: lost.env') })
    expect(notes).toEqual(['compose.yml:4 env_file lost.env: not among the given files; what it sets is missing'])
  })
  test('Procfile and shell scripts: the variables they start with', async () => {
    expect((await read({ Procfile: 'web: gunicorn app:app --timeout $T\n', '.env': lines('T=45', 'A=1') })).inForce).toEqual(['Procfile:1 --timeout = 45000'])
    expect((await read({ 'run.sh': lines('#!/bin/sh', '. ./limits.env', 'curl --max-time $LIMIT http://api/'), 'limits.env': lines('LIMIT=8', 'A=1') })).inForce).toEqual(['run.sh:3 --max-time = 8000'])
  })
})

describe('Helm', () => {
  const template = lines('apiVersion: networking.k8s.io/v1', 'kind: Ingress', 'metadata:', '  name: {{ include "x" . }}', '  annotations:', '    nginx.ingress.kubernetes.io/proxy-read-timeout: {{ .Values.proxyReadTimeout | quote }}', '    nginx.ingress.kubernetes.io/proxy-send-timeout: "{{ .Values.send | default 33 }}"', '    nginx.ingress.kubernetes.io/proxy-connect-timeout: {{ .Values.lost | quote }}')
  test('values of a template are known from the values beside it, and told where they are used', async () => {
    const { inForce, notes } = await read({ 'chart/values.yaml': lines('image:', '  repository: x', 'proxyReadTimeout: 60'), 'chart/templates/ingress.yaml': template })
    expect(inForce).toEqual(expect.arrayContaining(['chart/templates/ingress.yaml:6 proxy-read-timeout = 60000', 'chart/templates/ingress.yaml:7 proxy-send-timeout = 33000']))
    expect(notes).toContain('chart/templates/ingress.yaml:6 {{ .Values.proxyReadTimeout | quote }} is 60 (chart/values.yaml:3)')
    expect(notes.some((note) => /ingress\.yaml:8 .*not known here/.test(note))).toBe(true)
    expect(inForce.some((limit) => limit.startsWith('chart/values.yaml'))).toBe(false)
  })
  test('further files of values hold against values.yaml, and both are named', async () => {
    const { inForce, notes } = await read({ 'values.yaml': lines('image:', '  repository: x', 'proxyReadTimeout: 60'), 'values-prod.yaml': 'proxyReadTimeout: 600\n', 'ingress.yaml': template })
    expect(inForce).toContain('ingress.yaml:6 proxy-read-timeout = 600000')
    expect(notes).toContain('ingress.yaml:6 {{ .Values.proxyReadTimeout | quote }} is 600 (values-prod.yaml:1); values.yaml:3 says 60')
  })
  test('values alone: what well-known charts hand on as it is', async () => {
    const { inForce, diagnosis } = await read({ 'values.yaml': lines('ingress-nginx:', '  controller:', '    config:', '      proxy-read-timeout: "120"', 'ingress:', '  annotations:', '    nginx.ingress.kubernetes.io/proxy-send-timeout: "30"', 'resources:', '  limits:', '    memory: 1Gi', 'env:', '  REQUEST_TIMEOUT: 15s') })
    expect(inForce).toEqual(['values.yaml:4 proxy-read-timeout = 120000', 'values.yaml:7 proxy-send-timeout = 30000', 'values.yaml:10 resources.limits.memory = 1Gi', 'values.yaml:12 REQUEST_TIMEOUT = 15000'])
    expect(diagnosis.limits[0]?.scope).toBe('ingress-nginx.controller.config')
  })
})

test('files that all include each other are followed within bounds, and what is left is said', async () => {
  for (const [head, include] of [['http { server { listen 80; location / { proxy_pass http://b; proxy_read_timeout 5s; } } }', 'include *.conf;'], ['ProxyTimeout 5\nKeepAliveTimeout 4\nTimeout 4\nProxyPass / http://x/\nProxyPassMatch / http://x/', 'Include *.conf']] as const) {
    const { notes } = await read(Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index}.conf`, `${head}\n${`${include}\n`.repeat(20)}`])))
    expect(notes.join('\n')).toMatch(/not followed/)
  }
})

/** Processor time of one answer: far above what looking for so many files takes, far below what looking for each again and again does. */
const longestMs = 20_000

test.each([
  ['nginx.conf', 'include %;', 'http { server { listen 80; location / { proxy_pass http://b; } } }'], ['apache2.conf', 'Include %', 'ProxyTimeout 5\nKeepAliveTimeout 4\nTimeout 4\nProxyPass / http://x/'], ['Caddyfile', 'import %', 'x.example.com {\nreverse_proxy b:1\n}'],
  ['default.vcl', 'include "%";', 'vcl 4.1;'], ['lighttpd.conf', 'include "%"', 'server.port = 80\nserver.modules = ()\nproxy.server = ()'],
])('%s: 20,000 patterns that fit none of 500 files are looked for within bounds', async (name, line, head) => {
  const others = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}.txt`, 'zz']))
  const before = process.cpuUsage()
  const { notes } = await read({ [name]: `${head}\n${Array.from({ length: 20_000 }, (_, index) => line.replace('%', `*y${index}.z`)).join('\n')}\n`, ...others })
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(longestMs)
  expect(notes.join('\n')).toMatch(/not among the given files/)
  expect(notes.join('\n')).toMatch(/further notes are not shown/)
})
