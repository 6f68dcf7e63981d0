import { accessLog } from './access.ts'
import { apacheErrorLog } from './apache-error.ts'
import { appLog } from './app.ts'
import { caddyLog } from './caddy.ts'
import { cgroupLog } from './cgroup.ts'
import { albLog, elbLog, herokuLog, lambdaLog } from './cloud.ts'
import { cloudJsonLog } from './cloud-json.ts'
import { cloudFrontLog } from './cloudfront.ts'
import { dockerEventsLog } from './docker-events.ts'
import { envoyLog } from './envoy.ts'
import { gunicornLog } from './gunicorn.ts'
import { h2oLog } from './h2o.ts'
import { haproxyLog } from './haproxy.ts'
import { containerStatusLog } from './kubernetes-status.ts'
import { iisLog } from './iis.ts'
import { lighttpdErrorLog } from './lighttpd.ts'
import { networkStateLog } from './network-state.ts'
import { nextHopLog } from './next-hop.ts'
import { nginxErrorLog } from './nginx-error.ts'
import { nodeCrashLog } from './node-crash.ts'
import { httpServerLog, uvicornLog } from './python-servers.ts'
import type { LogReader } from './reader.ts'
import { squidLog } from './squid.ts'
import { stunnelLog } from './stunnel.ts'
import { traefikLog } from './traefik.ts'
import { tracebackLog } from './traceback.ts'
import { uwsgiLog } from './uwsgi.ts'
import { varnishLog } from './varnishlog.ts'

/**
 * Every reader of logs. A line goes to the first that takes it, starting with the one that took the line before; readers of
 * one product's own shape stand before those that only look for words.
 */
export const logReaders: readonly LogReader[] = [
  haproxyLog, nginxErrorLog, apacheErrorLog, caddyLog, traefikLog, envoyLog, albLog, elbLog, herokuLog, lambdaLog, cloudJsonLog, cloudFrontLog, iisLog, squidLog, accessLog, varnishLog, lighttpdErrorLog, stunnelLog, h2oLog,
  gunicornLog, uwsgiLog, httpServerLog, uvicornLog, nextHopLog, networkStateLog, cgroupLog, containerStatusLog, dockerEventsLog, nodeCrashLog, tracebackLog, appLog,
]
