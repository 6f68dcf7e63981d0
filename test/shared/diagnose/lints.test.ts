import { describe, expect, test } from 'vitest'
import { readConfigs } from '../../../shared/diagnose/configs/read-config.ts'
import { firingFor, firingWords, ladderOf } from '../../../shared/diagnose/ladder.ts'
import { lintLimits } from '../../../shared/diagnose/lints/index.ts'

const limitsOf = (files: Record<string, string>) => readConfigs(Object.entries(files).map(([file, text]) => ({ file, text }))).limits
const saidOf = (files: Record<string, string>) => lintLimits(limitsOf(files)).map((lint) => lint.text)
const nginx = (inside: string, before = '') => `events {}\nhttp {\n${before}\nserver { listen 80;\nlocation / { proxy_pass http://app; ${inside} }\n}\n}\n`
const haproxy = (lines: string) => `defaults\n mode http\n timeout connect 5s\n timeout client 50s\nfrontend f\n bind :80\n default_backend b\nbackend b\n server s 10.0.0.1:80\n${lines}\n`
const go = (inside: string) => `package main\n\nfunc main() {\n${inside}\n}\n`

describe('units', () => {
  const traps: [string, Record<string, string>, RegExp][] = [
    ['HAProxy 30 is 30 ms', { 'h.cfg': haproxy(' timeout server 30') }, /timeout server 30 \(h\.cfg:10\): a bare number is milliseconds to HAProxy: this is 30 ms\. Write 30s/],
    ['nginx 500 is 500 s', { 'n.conf': nginx('proxy_read_timeout 500;') }, /proxy_read_timeout 500 \(n\.conf:5\): a bare number is seconds to nginx: this is 500 s\. Write 500ms/],
    ['nginx 0 is no switch', { 'n.conf': nginx('proxy_read_timeout 0;') }, /0 does not switch it off/],
    ['Go 30 is 30 ns', { 'm.go': go('c := &http.Client{Timeout: 30}') }, /a bare number is nanoseconds to Go: this is 30 ns\. Write 30 \* time\.Second/],
    ['Go 5000 is 5 µs', { 'm.go': go('ctx, cancel := context.WithTimeout(ctx, 5000)') }, /this is 5 µs/],
    ['a timer above 2^31 fires at once', { 'a.js': "import x from 'x'\nsetTimeout(() => x(), 2147483648)\n" }, /a\.js:2\): more than 2\^31 ms does not fit/],
    ['axios counts milliseconds', { 'a.js': "import axios from 'axios'\naxios.get('/', { timeout: 30 })\n" }, /axios counts milliseconds: this is 30 ms/],
    ['requests counts seconds', { 'a.py': "import requests\nrequests.get('/', timeout=5000)\n" }, /a bare number is seconds to requests: this is 83\.3 min/],
    ['gunicorn counts seconds', { 'Procfile': 'web: gunicorn app:app --timeout 30000\n' }, /a bare number is seconds to gunicorn/],
    ['Apache does not look at a unit', { 'apache2.conf': '<VirtualHost *:80>\nServerName x\nProxyPass / http://10.0.0.1/ timeout=500ms\n</VirtualHost>\n' }, /does not look at "ms" behind the digits: this is 500 s/],
    ['a service’s number without a unit', { 'config.yaml': 'python:\n  timeout: 30\n' }, /decoded straight into Go’s time\.Duration it is nanoseconds/],
    ['Kubernetes 512m is half a byte', { 'd.yaml': 'apiVersion: v1\nkind: Pod\nspec: { containers: [ { name: a, resources: { limits: { memory: 512m } } } ] }\n' }, /m is a thousandth to Kubernetes: .* Write 512Mi/],
  ]
  test.each(traps)('%s', (_, files, text) => {
    expect(saidOf(files)).toEqual(expect.arrayContaining([expect.stringMatching(text)]))
  })
  test('what people write in minutes, or with a unit, is no trap', () => {
    expect(saidOf({ 'n.conf': nginx('proxy_read_timeout 300; proxy_send_timeout 3600; proxy_connect_timeout 500ms;'), 'h.cfg': haproxy(' timeout server 5000'), 'a.js': "import axios from 'axios'\naxios.get('/', { timeout: 3000 })\n", 'Procfile': 'web: gunicorn app:app --timeout 900\n' }).filter((text) => /bare number|counts (?:milli)?seconds|switch it off/.test(text))).toEqual([])
  })
})

describe('limits that meet', () => {
  const config = (write: string, python: string) => `server:\n  write_timeout: ${write}\npython:\n  timeout: ${python}\n`
  test('an inner limit above an outer one never gets to say why; far above it is an error', () => {
    const lints = lintLimits(limitsOf({ 'h.cfg': haproxy(' timeout server 500ms'), 'config.yaml': config('60s', '30s') }))
    expect(lints.filter((lint) => lint.id.startsWith('inner-above-outer')).map((lint) => [lint.severity, lint.text])).toEqual([['error', 'service server.write_timeout 60s (config.yaml:2) is longer than HAProxy timeout server 500ms (h.cfg:10), which ends the request first, after 500 ms.']])
  })
  test('a write deadline below the script’s limit loses answers', () => {
    expect(saidOf({ 'config.yaml': config('30s', '65s') })).toEqual(expect.arrayContaining([expect.stringMatching(/python\.timeout 65s .* is longer than .*write_timeout 30s .*: what is answered after 30 s is lost, and nothing is logged/)]))
  })
  test('equal deadlines are a matter of chance', () => {
    expect(saidOf({ 'n.conf': nginx('proxy_read_timeout 30s;'), 'config.yaml': config('60s', '30s') })).toEqual(expect.arrayContaining([expect.stringMatching(/proxy_read_timeout 30s \(n\.conf:5\) and service python\.timeout 30s \(config\.yaml:4\) pass at the same instant, 30 s/)]))
  })
  test('retries multiply, and may reach beyond an outer limit', () => {
    const upstream = 'upstream app { server 10.0.0.1; server 10.0.0.2; server 10.0.0.3; }'
    const said = saidOf({ 'n.conf': nginx('proxy_read_timeout 20s;', upstream), 'call.sh': '#!/bin/sh\ncurl -m 30 http://x/\n' })
    expect(said).toEqual(expect.arrayContaining([expect.stringMatching(/proxy_read_timeout 20s .* counts per try and there are 3: the client may wait 60 s/), expect.stringMatching(/proxy_read_timeout 20s .* takes 60 s with its 3 tries, longer than curl --max-time 30/)]))
    expect(saidOf({ 'n.conf': nginx('proxy_read_timeout 20s; proxy_next_upstream error;', upstream) }).filter((text) => /proxy_read_timeout.*counts per try/.test(text))).toEqual([])
  })
  test('what can never fire is told: behind a shorter one of the same place, or beyond the kernel’s patience', () => {
    expect(saidOf({ 'v.vcl': 'vcl 4.1;\nbackend b { .host = "a"; .first_byte_timeout = 60s; }\n', 'n.conf': nginx('proxy_connect_timeout 300s;') })).toEqual(expect.arrayContaining([expect.stringMatching(/proxy_connect_timeout 300s .* can hardly fire: Linux itself gives up/)]))
  })
  test('limits of code that stand side by side are not set against each other', () => {
    expect(saidOf({ 'a.js': "const { execFile } = require('child_process')\nconst got = require('got')\nrequire('http').createServer().listen(80)\nexecFile('python3', [], { timeout: 30000 })\ngot('http://x', { timeout: { request: 500 } })\n" }).filter((text) => /longer than|never fire|same instant/.test(text))).toEqual([])
  })
})

describe('what else surprises', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['between two reads, not in all', { 'n.conf': nginx('proxy_read_timeout 30s;') }, /counts between two reads, not the whole answer/],
    ['each wait, not the call', { 'a.py': "import requests\nrequests.get('/', timeout=5)\n" }, /counts each wait for data, not the whole call/],
    ['a waiting client in mode tcp', { 'h.cfg': 'defaults\n mode tcp\n timeout connect 5s\n timeout client 30s\n timeout server 30s\nfrontend f\n bind :1\n default_backend b\nbackend b\n server s 1.1.1.1:1\n' }, /in mode tcp it also cuts a client that merely waits/],
    ['nothing set: waits for ever', { 'a.py': "import requests\nrequests.get('/')\n" }, /requests timeout: Not given: it waits for ever/],
    ['HAProxy without timeout server', { 'h.cfg': haproxy('') }, /timeout server: Not set for backend b: HAProxy waits for ever/],
    ['a default that ends a request', { 'n.conf': nginx('') }, /proxy_read_timeout 60s \(default\): nobody set it, and it ends a request after 60 s/],
    ['Envoy’s 15 s', { 'envoy.yaml': 'static_resources:\n  listeners:\n  - filter_chains:\n    - filters:\n      - typed_config:\n          route_config:\n            virtual_hosts:\n            - routes:\n              - match: { prefix: / }\n                route: { cluster: c }\n' }, /route\.timeout 15s \(default\): nobody set it/],
    ['two files that differ', { 'gunicorn.conf.py': 'bind = ":80"\ntimeout = 120\nworkers = 2\n', 'Procfile': 'web: gunicorn -c gunicorn.conf.py --timeout 60 app:app\n' }, /--timeout 120 .* and gunicorn --timeout 60 .* differ: the command line wins/],
    ['a kept connection left earlier than taken', { 'n.conf': nginx('', 'upstream app { server 10.0.0.1; keepalive 8; keepalive_timeout 60s; }'), 'Procfile': 'web: uvicorn a:b --timeout-keep-alive 5\n' }, /--timeout-keep-alive 5 .* is not longer than the 60 s for which nginx keeps connections/],
    ['killed before it may end in order', { 'docker-compose.yml': 'services:\n  a:\n    image: x\n    stop_grace_period: 10s\n    command: gunicorn --graceful-timeout 30 a:b\n' }, /--graceful-timeout 30 .* is not shorter than Docker stop_grace_period 10s/],
    ['a check that is late', { 'a.js': "const s = require('http').createServer()\ns.requestTimeout = 500\n" }, /requestTimeout 500 .*may fire up to 30 s late/],
  ])('%s', (_, files, text) => {
    expect(saidOf(files)).toEqual(expect.arrayContaining([expect.stringMatching(text)]))
  })
})

describe('the ladder', () => {
  const limits = limitsOf({ 'n.conf': nginx('proxy_read_timeout 45s;'), 'config.yaml': 'server:\n  write_timeout: 30s\n  read_timeout: 5s\npython:\n  timeout: 65s\n', 'call.sh': '#!/bin/sh\ncurl -m 50 http://x/\n' })
  test('counts what ends a request that waits, first to fire first', () => {
    expect(ladderOf(limits).map((rung) => [rung.limit.directive, rung.atMs])).toEqual([['server.write_timeout', 30_000], ['proxy_read_timeout', 45_000], ['--max-time', 50_000], ['python.timeout', 65_000]])
  })
  test('a write deadline is felt when the handler ends: by then others have cut', () => {
    expect(firingFor(limits, 60_000).map((rung) => [rung.limit.directive, rung.atMs])).toEqual([['proxy_read_timeout', 45_000], ['--max-time', 50_000], ['server.write_timeout', 60_000]])
    expect(firingWords(limits, 40_000)).toBe('is answered in vain: service server.write_timeout has passed at 30 s, and the client gets an empty reply when the handler ends, at 40 s; no other deadline is near.')
    expect(firingWords(limits, 20_000)).toBe('passes every deadline in these files.')
  })
})
