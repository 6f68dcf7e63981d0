import type { MatrixCase } from '../case.ts'

export const clientCases: MatrixCase[] = [
  { name: 'classic: 500 ms client, script asleep', cause: 'client.total', script: 'sleeps.py', limits: { 'client.total': '500ms' }, consequences: [/context/, /killed/] },
  { name: 'script computing', cause: 'client.total', script: 'computes.py', limits: { 'client.total': '400ms' } },
  { name: 'cancel not propagated, script runs on', cause: 'client.total', script: 'sleeps.py', input: { seconds: 1 }, limits: { 'client.total': '400ms' }, propagateCancel: false },
  { name: 'latency eats the time of a quick script', cause: 'client.total', script: 'quick.py', limits: { 'client.total': '400ms' }, faults: ['network.latency=300ms'] },
  { name: 'queue wait mistaken for slowness', cause: 'client.total', script: 'sleeps.py', input: { seconds: 1 }, limits: { 'client.total': '700ms', 'connector.concurrency': '1' }, together: 2 },
  { name: 'slow import, transform never reached', cause: 'client.total', script: 'slow_import.py', limits: { 'client.total': '500ms' } },
  { name: 'stopped by a signal: no CPU share holds it back', cause: 'client.total', script: 'stops_itself.py', limits: { 'client.total': '700ms' } },
  { name: 'transform() has returned, a thread keeps the process', cause: 'client.total', script: 'thread_outlives.py', limits: { 'client.total': '600ms' } },
  { name: 'decoy: connector.context 60 ms later', cause: 'client.total', script: 'sleeps.py', limits: { 'client.total': '500ms', 'connector.context': '560ms' } },
  { name: 'grandchild holds the pipes', cause: 'client.total', script: 'grandchild_and_sleep.py', limits: { 'client.total': '400ms' } },
  { name: 'decoy: two more limits within 100 ms', cause: 'client.total', script: 'sleeps.py', limits: { 'client.total': '400ms', 'connector.python': '460ms', 'wrapper.timeout': '500ms' } },
  { name: 'first byte, script asleep', cause: 'client.first_byte', script: 'sleeps.py', limits: { 'client.first_byte': '400ms' } },
  { name: 'first byte, before a longer total', cause: 'client.first_byte', script: 'computes.py', limits: { 'client.first_byte': '400ms', 'client.total': '900ms' } },
  { name: 'nothing between two reads', cause: 'client.read', script: 'answers_large.py', input: { bytes: 3_000_000 }, limits: { 'client.read': '400ms' }, faults: ['network.bandwidth=1KB/s'] },
  { name: 'read stalls behind a proxy', cause: 'client.read', script: 'answers_large.py', input: { bytes: 3_000_000 }, limits: { 'client.read': '400ms' }, faults: ['network.bandwidth=1KB/s'], proxy: 'builtin' },
  { name: 'connection never answered', cause: 'client.connect', script: 'quick.py', limits: { 'client.connect': '300ms' }, faults: ['network.connect_hang'], alsoTrue: ['network.blackhole'] },
  { name: 'connection never answered, proxy behind', cause: 'client.connect', script: 'quick.py', limits: { 'client.connect': '300ms' }, faults: ['network.connect_hang'], proxy: 'builtin', alsoTrue: ['network.blackhole'] },
  { name: 'Stop while asleep', cause: 'client.canceled', script: 'sleeps.py', stopAfterMs: 300 },
  { name: 'Stop while computing', cause: 'client.canceled', script: 'computes.py', stopAfterMs: 300 },
  { name: 'Stop 100 ms before client.total', cause: 'client.canceled', script: 'sleeps.py', limits: { 'client.total': '400ms' }, stopAfterMs: 300 },
]
