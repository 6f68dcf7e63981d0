import type { ProxyEngine } from '../../../shared/flow/layers.ts'
import { FlowError } from '../flow-error.ts'
import type { FlowRun } from '../flow-run.ts'
import { startBuiltinProxy } from './builtin.ts'
import { startHaproxy } from './haproxy.ts'
import { startNginx } from './nginx.ts'
import type { ProxyPlace, RunningProxy } from './running-proxy.ts'

/** Starts a proxy of the asked kind. Rejects with FlowError: `proxy_missing` where its program is not installed, `fault_not_possible` where it cannot be as the fault asks. */
export function startProxy(run: FlowRun, engine: ProxyEngine, place: ProxyPlace): Promise<RunningProxy> {
  if (place.busy && engine !== 'haproxy') throw new FlowError('fault_not_possible', `${place.busy.text}: ${engine === 'nginx' ? 'nginx' : 'the built-in proxy'} has no queue, so no request ever waits for its connection to upstream`, 'only HAProxy queues requests: use --proxy haproxy')
  if (place.keepUpstream && engine === 'builtin') throw new FlowError('fault_not_possible', `${place.keepUpstream.text}: the built-in proxy opens a connection to upstream for every request`, 'use --proxy nginx or haproxy')
  switch (engine) {
    case 'builtin': return startBuiltinProxy(run, place)
    case 'nginx': return startNginx(run, place)
    case 'haproxy': return startHaproxy(run, place)
  }
}
