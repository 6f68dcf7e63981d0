import { describe, expect, test } from 'vitest'
import { runDiagnose } from '../../../electron/diagnose/run-diagnose.ts'

const lines = (...all: string[]) => `${all.join('\n')}\n`

/** What holds and what does not, of limits that somebody wrote: `file:line directive = ms or text`. */
async function read(files: Record<string, string>): Promise<{ inForce: string[]; idle: string[]; notes: string[] }> {
  const { limits, notes } = await runDiagnose({ paths: [], texts: Object.entries(files).map(([file, text]) => ({ file, text })) })
  const words = (enforced: boolean) => limits.filter((limit) => limit.enforced === enforced && !limit.isDefault).map((limit) => `${limit.file}:${limit.line} ${limit.directive} = ${limit.valueMs ?? limit.asWritten}`).toSorted()
  return { inForce: words(true), idle: words(false), notes: notes.map((note) => `${note.file}:${note.line} ${note.text}`) }
}

const pod = (...container: string[]) => lines('apiVersion: apps/v1', 'kind: Deployment', 'metadata: { name: web }', 'spec:', '  template:', '    spec:', '      containers:', '      - name: web', ...container.map((line) => `        ${line}`))

describe('Kubernetes: what a container finds in its environment', () => {
  test('envFrom takes a ConfigMap and a Secret, env holds against both, and a command is filled in from them', async () => {
    const { inForce, idle } = await read({
      'cm.yaml': lines('apiVersion: v1', 'kind: ConfigMap', 'metadata: { name: web-env }', 'data:', '  GUNICORN_CMD_ARGS: "--timeout 95"', '  REQUEST_TIMEOUT: 8s'),
      'secret.yaml': lines('apiVersion: v1', 'kind: Secret', 'metadata: { name: s }', 'data:', '  API_TIMEOUT: MTVz'),
      'deploy.yaml': pod('args: ["uwsgi", "--harakiri", "$(HARAKIRI)"]', 'env:', '- { name: REQUEST_TIMEOUT, value: 6s }', '- { name: HARAKIRI, value: "44" }', 'envFrom:', '- configMapRef: { name: web-env }', '- secretRef: { name: s }'),
    })
    expect(inForce).toEqual(['cm.yaml:5 --timeout = 95000', 'deploy.yaml:11 REQUEST_TIMEOUT = 6000', 'deploy.yaml:9 harakiri = 44000', 'secret.yaml:5 API_TIMEOUT = 15000'])
    expect(idle).toEqual(['cm.yaml:6 REQUEST_TIMEOUT = 8000'])
  })
  test('one key of a ConfigMap under another name', async () => {
    const { inForce } = await read({ 'all.yaml': `${lines('apiVersion: v1', 'kind: ConfigMap', 'metadata: { name: c }', 'data:', '  slow: 11s', '---')}${pod('env:', '- name: REQUEST_TIMEOUT', '  valueFrom:', '    configMapKeyRef: { name: c, key: slow }')}` })
    expect(inForce).toEqual(['all.yaml:5 REQUEST_TIMEOUT = 11000'])
  })
  test('what is not among the files is a note, unless it may be missing', async () => {
    const { notes } = await read({ 'deploy.yaml': pod('envFrom:', '- configMapRef: { name: gone }', '- secretRef: { name: maybe, optional: true }') })
    expect(notes).toEqual(['deploy.yaml:10 configMapRef gone: not among the given files; what it sets is missing'])
  })
  test('a ConfigMap that nobody asks for is read by its names', async () => {
    expect((await read({ 'cm.yaml': lines('apiVersion: v1', 'kind: ConfigMap', 'metadata: { name: c }', 'data:', '  REQUEST_TIMEOUT: 9s', '  color: red') })).inForce).toEqual(['cm.yaml:5 REQUEST_TIMEOUT = 9000'])
  })
})

describe('a Dockerfile and whoever starts its image', () => {
  const dockerfile = lines('FROM python:3.12', 'ARG WAIT=15', 'ENV REQUEST_TIMEOUT=${WAIT}s', 'ENV GUNICORN_CMD_ARGS="--timeout 90"', 'CMD ["gunicorn","--graceful-timeout","20","app:app"]')
  test('by itself it holds, with its arguments filled in', async () => {
    expect((await read({ Dockerfile: dockerfile })).inForce).toEqual(['Dockerfile:3 REQUEST_TIMEOUT = 15000', 'Dockerfile:4 --timeout = 90000', 'Dockerfile:5 --graceful-timeout = 20000'])
  })
  test('Compose replaces its command and its variables', async () => {
    const { inForce, idle } = await read({ Dockerfile: dockerfile, 'compose.yml': lines('services:', '  web:', '    build: .', '    command: gunicorn -t 25 app:app', '    environment:', '      REQUEST_TIMEOUT: 5s') })
    expect(inForce).toEqual(['compose.yml:4 --timeout = 25000', 'compose.yml:6 REQUEST_TIMEOUT = 5000'])
    expect(idle).toEqual(['Dockerfile:3 REQUEST_TIMEOUT = 15000', 'Dockerfile:4 --timeout = 90000', 'Dockerfile:5 --graceful-timeout = 20000'])
  })
  test('Kubernetes’ args replace its command, and not its variables', async () => {
    const { idle } = await read({ Dockerfile: dockerfile, 'k.yaml': pod('args: ["gunicorn", "app:app"]') })
    expect(idle).toEqual(['Dockerfile:5 --graceful-timeout = 20000'])
  })
  test('another service’s image is not this one', async () => {
    expect((await read({ 'a/Dockerfile': dockerfile, 'b/Dockerfile': lines('FROM node:24', 'CMD node server.js --timeout', 'ENV API_TIMEOUT=3s'), 'compose.yml': lines('services:', '  b:', '    build: ./b', '    command: node other.js') })).idle).toEqual([])
  })
})

describe('what is laid over something else', () => {
  test('docker run: a container’s own command, its variables, and a terminal that is no time', async () => {
    const { inForce, idle } = await read({ 'run.sh': lines('#!/bin/sh', 'docker run -it -m 512m --stop-timeout 20 --env-file ./prod.env -e REQUEST_TIMEOUT=9s -e GUNICORN_CMD_ARGS="--workers 2 --keep-alive 3" reg/web:1 gunicorn --timeout 75 app:app'), 'prod.env': lines('REQUEST_TIMEOUT=12s', 'API_TIMEOUT_MS=2500') })
    expect(inForce).toEqual(['prod.env:2 API_TIMEOUT_MS = 2500', 'run.sh:2 --keep-alive = 3000', 'run.sh:2 --memory = 512m', 'run.sh:2 --stop-timeout = 20000', 'run.sh:2 --timeout = 75000', 'run.sh:2 REQUEST_TIMEOUT = 9000'])
    expect(idle).toEqual(['prod.env:1 REQUEST_TIMEOUT = 12000'])
  })
  test('a drop-in of systemd holds against its unit', async () => {
    const { inForce, idle } = await read({ 'api.service': lines('[Unit]', 'Description=api', '[Service]', 'ExecStart=/usr/bin/gunicorn -t 30 a:a', 'TimeoutStopSec=10'), 'api.service.d/override.conf': lines('[Service]', 'ExecStart=', 'ExecStart=/usr/bin/gunicorn -t 90 a:a', 'TimeoutStopSec=45', 'MemoryMax=300M') })
    expect(inForce).toEqual(['api.service.d/override.conf:3 --timeout = 90000', 'api.service.d/override.conf:4 TimeoutStopSec = 45000', 'api.service.d/override.conf:5 MemoryMax = 300M'])
    expect(idle).toEqual(['api.service:4 --timeout = 30000', 'api.service:5 TimeoutStopSec = 10000'])
  })
  test('an override file of Compose holds against the file beside it', async () => {
    const { inForce, idle } = await read({ 'docker-compose.yml': lines('services:', '  web:', '    image: w', '    command: gunicorn -t 30 a:a', '    stop_grace_period: 10s', '    mem_limit: 300m'), 'docker-compose.override.yml': lines('services:', '  web:', '    command: gunicorn -t 65 a:a', '    stop_grace_period: 1m') })
    expect(inForce).toEqual(['docker-compose.override.yml:3 --timeout = 65000', 'docker-compose.override.yml:4 stop_grace_period = 60000', 'docker-compose.yml:6 mem_limit = 300m'])
    expect(idle).toEqual(['docker-compose.yml:4 --timeout = 30000', 'docker-compose.yml:5 stop_grace_period = 10000'])
  })
  test('Apache’s Define and nginx’ templates are filled in', async () => {
    expect((await read({ 'httpd.conf': lines('Define WAIT 77', '<VirtualHost *:80>', '  ProxyPass / http://a:80/', '  ProxyTimeout ${WAIT}', '</VirtualHost>') })).inForce).toContain('httpd.conf:4 ProxyTimeout = 77000')
    expect((await read({ 'default.conf.template': 'server { listen 80; location / { proxy_pass http://$host; proxy_read_timeout ${READ_WAIT}; } }\n', '.env': 'READ_WAIT=75s\n' })).inForce).toContain('default.conf.template:1 proxy_read_timeout = 75000')
  })
})
