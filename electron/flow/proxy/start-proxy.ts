import type { ProxyEngine } from '../../../shared/flow/layers.ts'
import type { FlowRun } from '../flow-run.ts'
import { startBuiltinProxy } from './builtin.ts'
import { startHaproxy } from './haproxy.ts'
import { startNginx } from './nginx.ts'
import type { ProxyPlace, RunningProxy } from './running-proxy.ts'

/** Starts a proxy of the asked kind. Rejects with FlowError `proxy_missing` where its program is not installed. */
export function startProxy(run: FlowRun, engine: ProxyEngine, place: ProxyPlace): Promise<RunningProxy> {
  switch (engine) {
    case 'builtin': return startBuiltinProxy(run, place)
    case 'nginx': return startNginx(run, place)
    case 'haproxy': return startHaproxy(run, place)
  }
}
