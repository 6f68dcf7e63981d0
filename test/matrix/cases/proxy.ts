import type { MatrixCase } from '../case.ts'

/** Each runs through the built-in proxy, nginx and HAProxy; the verdict is the same. */
export const everyProxyCases: MatrixCase[] = [
  { name: 'read limit, script asleep', cause: 'proxy.read', script: 'sleeps.py', limits: { 'proxy.read': '500ms' }, consequences: [/504/] },
  { name: 'read limit while computing', cause: 'proxy.read', script: 'computes.py', limits: { 'proxy.read': '400ms', 'client.total': '2s' } },
  { name: 'client leaves, proxy passes it on', cause: 'client.total', script: 'sleeps.py', limits: { 'client.total': '500ms', 'proxy.read': '5s' }, consequences: [/proxy.*saw its client leave|context/] },
  { name: 'upstream refused', cause: 'proxy.refused', script: 'quick.py', faults: ['network.refuse:gateway'], alsoTrue: ['network.refused'] },
  { name: 'upstream connection never answered', cause: 'proxy.connect', script: 'quick.py', limits: { 'proxy.connect': '300ms' }, faults: ['network.connect_hang:gateway'], alsoTrue: ['network.blackhole'] },
  { name: 'gateway loses its answer behind the proxy', cause: 'gateway.write', script: 'sleeps.py', input: { seconds: 0.8 }, limits: { 'gateway.write': '400ms' } },
  { name: 'connector cut passes through', cause: 'connector.python', script: 'sleeps.py', limits: { 'connector.python': '500ms' } },
  { name: 'link behind the proxy reset', cause: 'network.reset', script: 'sleeps.py', faults: ['network.reset@300ms:gateway'], alsoTrue: ['proxy.bad_gateway'] },
  { name: 'link behind the proxy closed', cause: 'network.closed', script: 'sleeps.py', faults: ['network.close@300ms:gateway'], alsoTrue: ['proxy.bad_gateway'] },
  { name: 'slow request body', cause: 'proxy.client_body', script: 'quick.py', input: { filler: 'x'.repeat(100_000) }, limits: { 'proxy.client_body': '300ms', 'client.total': '5s' }, faults: ['network.bandwidth=1KB/s'] },
  { name: 'request header late by latency of the link', cause: 'proxy.client_header', script: 'quick.py', limits: { 'proxy.client_header': '300ms', 'client.total': '4s' }, faults: ['network.latency=1s'] },
  { name: 'link behind the proxy swallows the answer', cause: 'network.blackhole', script: 'sleeps.py', input: { seconds: 0.6 }, faults: ['network.blackhole@300ms:gateway'], limits: { 'proxy.read': '4s' } },
  { name: 'turned away by a rule of the proxy', cause: 'proxy.rejected', script: 'quick.py', faults: ['proxy1.reject'] },
  { name: 'backend held for dead', cause: 'proxy.backend_down', script: 'quick.py', faults: ['proxy.backend_down'] },
  { name: 'proxy goes down', cause: 'proxy.stopped', script: 'sleeps.py', faults: ['proxy1.stop@400ms'] },
  { name: 'gateway goes down behind the proxy', cause: 'gateway.stopped', script: 'sleeps.py', faults: ['gateway.stop@400ms'] },
  { name: 'gateway turns away, the proxy passes it on', cause: 'gateway.rejected', script: 'quick.py', faults: ['gateway.reject'] },
  { name: 'nothing cut', cause: 'none', script: 'sleeps.py', input: { seconds: 0.3 }, limits: { 'proxy.read': '2s' } },
  { name: 'exception passes through', cause: 'script.exception', script: 'raises.py' },
]

export const proxyCases: MatrixCase[] = [
  { name: 'upload that upstream takes too slowly', cause: 'proxy.send', script: 'quick.py', input: { filler: 'x'.repeat(24_000_000) }, limits: { 'proxy.send': '300ms' }, faults: ['network.bandwidth=100KB/s:gateway'], proxy: 'builtin' },
  { name: 'upload that upstream takes too slowly, read limit beside it', cause: 'proxy.send', script: 'quick.py', input: { filler: 'x'.repeat(24_000_000) }, limits: { 'proxy.send': '300ms', 'proxy.read': '2s' }, faults: ['network.bandwidth=100KB/s:gateway'], proxy: 'nginx' },
  { name: 'client reads too slowly', cause: 'proxy.client_write', script: 'answers_large.py', input: { bytes: 24_000_000 }, limits: { 'proxy.client_write': '300ms', 'client.total': '6s' }, faults: ['network.bandwidth=100KB/s'], proxy: 'builtin' },
  { name: 'client reads too slowly, behind nginx', cause: 'proxy.client_write', script: 'answers_large.py', input: { bytes: 24_000_000 }, limits: { 'proxy.client_write': '300ms', 'client.total': '6s' }, faults: ['network.bandwidth=100KB/s'], proxy: 'nginx' },
  { name: 'the hidden extra hop: second of two proxies', cause: 'proxy.read', script: 'sleeps.py', limits: { 'proxy2.read': '400ms', 'proxy1.read': '2s' }, proxy: 'builtin,builtin' },
  { name: 'the outer of two proxies', cause: 'proxy.read', script: 'sleeps.py', limits: { 'proxy1.read': '400ms', 'proxy2.read': '2s' }, proxy: 'builtin,builtin' },
  { name: 'nginx in front of HAProxy, HAProxy cuts', cause: 'proxy.read', script: 'sleeps.py', limits: { 'proxy2.read': '400ms', 'proxy1.read': '3s' }, proxy: 'nginx,haproxy' },
  { name: 'HAProxy in front of nginx, HAProxy cuts', cause: 'proxy.read', script: 'sleeps.py', limits: { 'proxy1.read': '400ms', 'proxy2.read': '3s' }, proxy: 'haproxy,nginx' },
]
