import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { haproxyConfigOf } from '../../../../electron/flow/proxy/haproxy-config.ts'
import { nginxConfigOf, nginxDirectives, type NginxTime } from '../../../../electron/flow/proxy/nginx-config.ts'
import { findProxyProgram, installHintOf } from '../../../../electron/flow/proxy/program.ts'

test('a program is found on PATH first, and only if it can be executed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cutoff-program-'))
  try {
    await writeFile(join(folder, 'nginx'), '')
    await chmod(join(folder, 'nginx'), 0o644)
    expect(findProxyProgram('nginx', folder)).not.toBe(join(folder, 'nginx'))
    await chmod(join(folder, 'nginx'), 0o755)
    expect(findProxyProgram('nginx', `:${folder}`)).toBe(join(folder, 'nginx'))
  } finally {
    await rm(folder, { recursive: true })
  }
})
test('every platform has a hint how to get it', () => {
  expect(installHintOf('nginx', 'linux')).toContain('apt-get install')
  expect(installHintOf('haproxy', 'darwin')).toBe('brew install haproxy')
  expect(installHintOf('nginx', 'win32')).toContain('--proxy builtin')
})

const day = 86_400_000
const off = Object.fromEntries(Object.keys(nginxDirectives).map((name) => [name, day])) as Record<NginxTime, number>

test('nginx: each limit becomes its directive in ms, none is left to nginx’s defaults, and only loopback is listened on', () => {
  const config = nginxConfigOf({ folder: '/tmp/x', user: null, port: 8080, upstream: { host: '127.0.0.1', port: 9000 }, log: { port: 514, tag: 'tag' }, times: { ...off, read: 500, client_body: 0.2 } })
  expect(config).toContain('proxy_read_timeout 500ms;')
  expect(config).toContain('client_body_timeout 1ms;')
  for (const directive of Object.values(nginxDirectives)) expect(config).toMatch(new RegExp(`^ +${directive} \\d+ms;$`, 'm'))
  expect(config).not.toMatch(/^user /m)
  expect(config.match(/listen [^;]+/g)).toEqual(['listen 127.0.0.1:8080'])
})
test('HAProxy: limits become timeouts in ms; nothing is retried', () => {
  const config = haproxyConfigOf({ upstream: { host: '127.0.0.1', port: 9000 }, log: { port: 514, tag: 'tag' }, times: { connect: 100, read: 500, client: null, client_header: null, client_body: 300, idle: null, queue: null } })
  expect(config).toMatch(/^ {2}timeout server 500ms$/m)
  expect(config).toMatch(/^ {2}http-request wait-for-body time 300ms if METH_POST$/m)
  expect(config).toMatch(/^ {2}retries 0$/m)
  // One that is not set would borrow the value of another.
  for (const name of ['client', 'http-request', 'http-keep-alive', 'queue']) expect(config).toMatch(new RegExp(`^ {2}timeout ${name} 86400000ms$`, 'm'))
})
