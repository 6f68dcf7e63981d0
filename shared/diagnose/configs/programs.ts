import type { LayerId } from '../../flow/layers.ts'
import type { Cause } from '../../verdict/causes.ts'
import type { Counts } from '../diagnosis.ts'

/** How an option's value is read: seconds, seconds with a unit or not, milliseconds, digits only (C's atoi), a size. */
export type OptionUnit = 's' | 'duration' | 'ms' | 'atoi' | 'none'
/** An option of a program that limits something. */
export interface Option { names: readonly string[]; directive: string; layer: LayerId; cause: Cause | null; counts: Counts; meaning: string; unit: OptionUnit; alsoCauses?: Cause[] }
export interface Program { name: RegExp; product: string; options: readonly Option[] }

const option = (names: string, layer: LayerId, cause: Cause | null, counts: Counts, unit: OptionUnit, meaning: string, alsoCauses: Cause[] = [], directive?: string): Option => {
  const list = names.split(' ')
  return { names: list, directive: directive ?? list.findLast((name) => name.startsWith('--')) ?? list[0] ?? '', layer, cause, counts, unit, meaning, alsoCauses }
}
const uwsgi = (name: string, layer: LayerId, cause: Cause | null, counts: Counts, unit: OptionUnit, meaning: string, alsoCauses: Cause[] = [], short = '') => option(`--${name}${short === '' ? '' : ` ${short}`}`, layer, cause, counts, unit, meaning, alsoCauses, name)
const call = (names: string, directive: string, unit: OptionUnit = 's') => option(names, 'client', 'client.total', 'total', unit, 'For the whole call.', ['client.first_byte'], directive)

/** Programs whose options are limits; source: each program's manual. */
export const programs: readonly Program[] = [
  { name: /^gunicorn(?:3|\.exe)?$/, product: 'gunicorn', options: [
    option('-t --timeout', 'gateway', 'gateway.worker', 'wait', 's', 'A worker that is silent this long is killed (30 s by default).'),
    option('--graceful-timeout', 'gateway', 'gateway.stopped', 'stop', 's', 'After a stop or reload, what still runs is killed when it passes.'),
    option('--keep-alive', 'gateway', 'gateway.idle', 'idle', 's', 'How long an idle kept-alive connection waits for its next request.'),
  ] },
  { name: /^uvicorn$/, product: 'uvicorn', options: [
    option('--timeout-keep-alive', 'gateway', 'gateway.idle', 'idle', 's', 'How long an idle kept-alive connection waits for its next request (5 s by default).'),
    option('--timeout-graceful-shutdown', 'gateway', 'gateway.stopped', 'stop', 's', 'After a stop, running requests are cancelled when it passes.'),
    option('--timeout-worker-healthcheck', 'gateway', 'gateway.worker', 'check', 's', 'A worker that does not answer its supervisor this long is replaced (5 s by default).'),
    option('--limit-concurrency', 'gateway', 'gateway.rejected', 'size', 'none', 'More requests at once are answered 503.'),
  ] },
  { name: /^hypercorn$/, product: 'hypercorn', options: [
    option('--keep-alive', 'gateway', 'gateway.idle', 'idle', 's', 'How long an idle connection stays open.'), option('--graceful-timeout', 'gateway', 'gateway.stopped', 'stop', 's', 'After a stop, what still runs is ended when it passes.'),
    option('--read-timeout', 'gateway', 'gateway.read', 'request', 's', 'Longest silence of a client that is sending.'),
  ] },
  { name: /^waitress-serve$/, product: 'waitress', options: [option('--channel-timeout', 'gateway', 'gateway.idle', 'idle', 's', 'How long an idle connection stays open (120 s by default).')] },
  { name: /^daphne$/, product: 'daphne', options: [option('-t --http-timeout', 'gateway', 'gateway.handler', 'total', 's', 'A request that takes longer is answered 503.'), option('--websocket_timeout', 'gateway', 'gateway.idle', 'total', 's', 'Longest life of a WebSocket.')] },
  { name: /^uwsgi(?:-core)?$/, product: 'uWSGI', options: [
    uwsgi('harakiri', 'gateway', 'gateway.worker', 'total', 'atoi', 'A worker whose request takes longer is killed.', [], '-t'), uwsgi('http-timeout', 'proxy', 'proxy.read', 'wait', 'atoi', 'The router’s longest wait for its worker (60 s by default).', ['proxy.idle']),
    uwsgi('http-connect-timeout', 'proxy', 'proxy.connect', 'connect', 'atoi', 'The router’s wait for a connection to its worker.'), uwsgi('http-headers-timeout', 'proxy', 'proxy.client_header', 'request', 'atoi', 'The router’s wait for the request header.'),
    uwsgi('http-keepalive', 'proxy', 'proxy.idle', 'idle', 'atoi', 'The router’s wait for the next request of a kept-alive connection.'), uwsgi('socket-timeout', 'gateway', 'gateway.read', 'request', 'atoi', 'Longest silence of the client’s socket (4 s by default).', ['gateway.write'], '-z'),
    uwsgi('worker-reload-mercy', 'gateway', 'gateway.stopped', 'stop', 'atoi', 'After a reload, a worker that still runs is killed when it passes (60 s by default).'), uwsgi('reload-mercy', 'gateway', 'gateway.stopped', 'stop', 'atoi', 'After a reload, what still runs is killed when it passes.'),
    uwsgi('mule-harakiri', 'connector', 'connector.python', 'total', 'atoi', 'A mule whose task takes longer is killed.'), uwsgi('spooler-harakiri', 'connector', 'connector.python', 'total', 'atoi', 'A spooler whose task takes longer is killed.'),
    uwsgi('max-worker-lifetime', 'gateway', 'gateway.stopped', 'other', 'atoi', 'A worker is reloaded after it.'), uwsgi('idle', 'gateway', 'gateway.stopped', 'idle', 'atoi', 'With cheap mode, workers end when nothing came for it.'),
    uwsgi('limit-as', 'os', 'os.address_space', 'size', 'none', 'Address space of one worker, in MB.'), uwsgi('evil-reload-on-rss', 'gateway', 'gateway.worker', 'size', 'none', 'A worker that uses more memory (MB) is killed at once.'), uwsgi('evil-reload-on-as', 'gateway', 'gateway.worker', 'size', 'none', 'A worker with a larger address space (MB) is killed at once.'),
  ] },
  { name: /^celery$/, product: 'Celery', options: [option('--time-limit', 'wrapper', 'wrapper.timeout', 'total', 's', 'A task is killed when it passes.'), option('--soft-time-limit', 'wrapper', 'wrapper.timeout', 'total', 's', 'SoftTimeLimitExceeded is raised in a task when it passes.')] },
  { name: /^curl$/, product: 'curl', options: [
    option('-m --max-time', 'client', 'client.total', 'total', 's', 'For the whole call.'), option('--connect-timeout', 'client', 'client.connect', 'connect', 's', 'For connecting, name resolution and TLS included.'),
    option('-y --speed-time', 'client', 'client.read', 'wait', 's', 'How long it may be slower than --speed-limit.'), option('--retry-max-time', 'client', null, 'total', 's', 'No retry is begun after it.'),
    option('--expect100-timeout', 'client', null, 'other', 's', 'For a 100 Continue (1 s by default).'), option('--keepalive-time', 'client', null, 'other', 's', 'Before the first TCP keep-alive probe.'), option('--happy-eyeballs-timeout-ms', 'client', null, 'other', 'ms', 'Before the other IP version is tried.'),
  ] },
  { name: /^wget$/, product: 'wget', options: [
    option('-T --timeout', 'client', 'client.read', 'wait', 's', 'For resolving, connecting, and between two reads.', ['client.connect', 'client.first_byte']), option('--read-timeout', 'client', 'client.read', 'wait', 's', 'Between two reads (900 s by default).', ['client.first_byte']),
    option('--connect-timeout', 'client', 'client.connect', 'connect', 's', 'For connecting.'), option('--dns-timeout', 'client', 'client.connect', 'connect', 's', 'For resolving the name.'),
  ] },
  { name: /^https?$|^xh$/, product: 'HTTPie', options: [call('--timeout', '--timeout')] },
  { name: /^kubectl$/, product: 'kubectl', options: [call('--request-timeout', '--request-timeout', 'duration'), option('--grace-period', 'platform', 'gateway.stopped', 'stop', 's', 'After SIGTERM, SIGKILL when it passes.')] },
  { name: /^aws$/, product: 'AWS CLI', options: [
    option('--cli-read-timeout', 'client', 'client.first_byte', 'wait', 's', 'Longest wait for data (60 s by default).', ['client.read']), option('--cli-connect-timeout', 'client', 'client.connect', 'connect', 's', 'For connecting (60 s by default).'),
    option('--timeout', 'platform', 'platform.duration', 'total', 's', 'AWS Lambda: the function is ended when it passes.', [], 'timeout'), option('--memory-size', 'platform', 'platform.memory', 'size', 'none', 'AWS Lambda: the function’s memory in MB.', [], 'memorySize'),
  ] },
  { name: /^gcloud$/, product: 'Google Cloud', options: [option('--timeout', 'platform', 'platform.duration', 'total', 'duration', 'The service ends a request when it passes.', [], 'timeout'), option('--memory', 'platform', 'platform.memory', 'size', 'none', 'The instance’s memory.', [], 'memory')] },
  { name: /^node(?:js)?$/, product: 'Node', options: [option('--max-old-space-size', 'gateway', 'gateway.stopped', 'size', 'none', 'The heap in MB; Node ends when it is full.')] },
  { name: /^(?:docker|podman)$/, product: 'Docker', options: [
    option('-t --time --stop-timeout', 'platform', 'gateway.stopped', 'stop', 's', 'After docker stop, SIGKILL when it passes.'), option('-m --memory', 'os', 'os.oom_kill', 'size', 'none', 'The container’s memory limit.'), option('--pids-limit', 'os', 'os.processes', 'size', 'none', 'Processes of the container.'),
    option('--health-timeout', 'platform', null, 'check', 'duration', 'For a health check to be answered.'),
  ] },
]
