import type { MatrixCase } from '../case.ts'

/** What becomes of a request on a connection that an earlier one left open. */
export const keepAliveCases: MatrixCase[] = [
  { name: 'idle connection closed, the client does not look', cause: 'gateway.idle', script: 'quick.py', limits: { 'gateway.idle': '300ms' }, faults: ['client.reuse=450ms'], consequences: [/sent its request on the connection/, /empty reply/] },
  { name: 'its close and the next request pass each other', cause: 'gateway.idle', script: 'quick.py', limits: { 'gateway.idle': '300ms' }, faults: ['client.reuse=200ms', 'network.latency=150ms'] },
  { name: 'no IdleTimeout: ReadTimeout stands in for it', cause: 'gateway.idle', script: 'sleeps.py', limits: { 'gateway.read': '300ms', 'client.total': '2s' }, faults: ['client.reuse=450ms'] },
  { name: 'firewall forgets the kept connection', cause: 'network.idle_drop', script: 'quick.py', faults: ['client.reuse=450ms', 'network.idle_drop=300ms'], limits: { 'client.total': '800ms' }, alsoTrue: ['network.blackhole'] },
  { name: 'gateway restarted while the connection lay idle', cause: 'gateway.stopped', script: 'quick.py', faults: ['client.reuse=450ms', 'gateway.stop@300ms'], limits: { 'gateway.idle': '2s' } },
  { name: 'idle connection closed by the network, idle limits are longer', cause: 'network.closed', script: 'quick.py', faults: ['client.reuse=450ms', 'network.close@300ms'], limits: { 'gateway.idle': '2s' } },
  { name: 'total on a kept connection counts from its own request', cause: 'client.total', script: 'sleeps.py', faults: ['client.reuse=300ms'], limits: { 'client.total': '400ms', 'gateway.idle': '2s' } },
  { name: 'decoy: reused in time', cause: 'none', script: 'quick.py', faults: ['client.reuse=300ms'], limits: { 'gateway.idle': '2s' } },
  { name: 'decoy: the idle limit passes while the script runs', cause: 'none', script: 'sleeps.py', input: { seconds: 0.6 }, faults: ['client.reuse=100ms'], limits: { 'gateway.idle': '300ms' } },
]
