import type { MatrixCase } from '../case.ts'

export const networkCases: MatrixCase[] = [
  { name: 'reset in mid-flight', cause: 'network.reset', script: 'sleeps.py', faults: ['network.reset@400ms'] },
  { name: 'reset before the client’s own limit', cause: 'network.reset', script: 'sleeps.py', faults: ['network.reset@300ms'], limits: { 'client.total': '500ms' } },
  { name: 'reset between proxy and gateway', cause: 'network.reset', script: 'sleeps.py', faults: ['network.reset@300ms:gateway'], proxy: 'builtin' },
  { name: 'answer swallowed', cause: 'network.blackhole', script: 'sleeps.py', input: { seconds: 0.6 }, faults: ['network.blackhole@300ms'], limits: { 'client.total': '1500ms' } },
  { name: 'request swallowed', cause: 'network.blackhole', script: 'quick.py', faults: ['network.blackhole@0ms'], limits: { 'client.total': '900ms' } },
  { name: 'clean close in mid-flight', cause: 'network.closed', script: 'sleeps.py', faults: ['network.close@400ms'] },
  { name: 'closed in the middle of the body', cause: 'network.closed', script: 'answers_large.py', faults: ['network.close_midbody=1000B'] },
  { name: 'firewall forgets an idle connection', cause: 'network.idle_drop', script: 'sleeps.py', input: { seconds: 0.8 }, faults: ['network.idle_drop=300ms'], limits: { 'client.total': '1800ms' }, alsoTrue: ['network.blackhole'] },
  { name: 'idle connection forgotten before the gateway', cause: 'network.idle_drop', script: 'sleeps.py', input: { seconds: 0.8 }, faults: ['network.idle_drop=300ms:gateway'], proxy: 'builtin', limits: { 'client.total': '1800ms' }, alsoTrue: ['network.blackhole'] },
  { name: 'refused', cause: 'network.refused', script: 'quick.py', faults: ['network.refuse'] },
  { name: 'refused, with a client limit set', cause: 'network.refused', script: 'quick.py', faults: ['network.refuse'], limits: { 'client.connect': '300ms' } },
  { name: 'name does not resolve', cause: 'network.dns', script: 'quick.py', faults: ['network.dns'] },
  { name: 'name does not resolve, client limit set', cause: 'network.dns', script: 'sleeps.py', faults: ['network.dns'], limits: { 'client.total': '500ms' } },
  { name: 'rubbish instead of HTTP', cause: 'network.protocol', script: 'quick.py', faults: ['network.garbage'] },
  { name: 'an answer whose header is not HTTP, no proxy to refuse it', cause: 'network.protocol', script: 'quick.py', faults: ['gateway.bad_header'] },
  { name: 'two faults: latency, and a reset', cause: 'network.reset', script: 'sleeps.py', faults: ['network.latency=50ms', 'network.reset@400ms'] },
  { name: 'two faults: a reset, then the gateway goes down', cause: 'network.reset', script: 'sleeps.py', faults: ['network.reset@300ms', 'gateway.stop@500ms'] },
  { name: 'two faults: the gateway goes down, then a reset', cause: 'gateway.stopped', script: 'sleeps.py', faults: ['network.reset@600ms', 'gateway.stop@300ms'] },
  { name: 'rubbish in place of the answer, which HAProxy refuses', cause: 'network.protocol', script: 'sleeps.py', input: { seconds: 0.2 }, faults: ['network.garbage:gateway'], proxy: 'haproxy', consequences: [/502/] },
  { name: 'rubbish after a while', cause: 'network.protocol', script: 'sleeps.py', faults: ['network.garbage@300ms'] },
]
