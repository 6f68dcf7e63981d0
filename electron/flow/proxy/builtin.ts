import type { FlowRun } from '../flow-run.ts'
import { limitsOfLayer } from '../limit-timers.ts'
import { listenOnLoopback } from '../loopback-server.ts'
import { countWork } from '../work-count.ts'
import { serveProxyConnection } from './builtin-connection.ts'
import type { ProxyPlace, RunningProxy } from './running-proxy.ts'

/**
 * The built-in reverse proxy, with nginx's semantics: limits between two reads or writes, 504 / 502, 499 in its log when the
 * client leaves. Like nginx it takes in the whole request before it connects; unlike nginx's default it does not buffer the
 * answer (proxy_buffering off), and a request body stays in memory.
 */
export async function startBuiltinProxy(run: FlowRun, place: ProxyPlace): Promise<RunningProxy> {
  const work = countWork()
  const limits = limitsOfLayer(run, `proxy${place.hop}`)
  if (limits.valueOf('queue') !== null) run.emit({ type: 'limit_not_enforced', limitId: limits.idOf('queue'), reason: 'the built-in proxy has no queue, as nginx has none: only HAProxy queues requests' })
  const server = await listenOnLoopback((socket) => serveProxyConnection({ run, place, limits, work, keep: server.keep }, socket))
  return { port: server.port, settled: work.settled, close: server.close }
}
