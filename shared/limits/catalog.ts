import { baseUnitOf, formatValue, type UnitKind } from './units.ts'
import type { LayerId } from '../flow/layers.ts'

/**
 * Every limit Cutoff knows: what it limits, what its clock counts from, what happens when it fires.
 * `base` is the id without a proxy's number: `proxy1.read` and `proxy2.read` share `proxy.read`.
 */
export interface LimitKind {
  readonly base: string
  readonly layer: LayerId
  readonly kind: UnitKind
  /** One plain sentence. */
  readonly meaning: string
  /** What the clock counts from; null where the limit is not a clock. */
  readonly countsFrom: string | null
  /** What the client sees or what happens when it fires. */
  readonly effect: string
}

export const limitKinds: readonly LimitKind[] = [
  { base: 'client.connect', layer: 'client', kind: 'time', countsFrom: 'connect start', meaning: 'The client waits this long for the connection to be accepted.', effect: 'the client gives up without having sent anything' },
  { base: 'client.first_byte', layer: 'client', kind: 'time', countsFrom: 'request sent', meaning: 'The client waits this long for the first byte of the answer.', effect: 'the client hangs up' },
  { base: 'client.read', layer: 'client', kind: 'time', countsFrom: 'last byte read', meaning: 'The client waits this long between two reads.', effect: 'the client hangs up' },
  { base: 'client.total', layer: 'client', kind: 'time', countsFrom: 'connect start', meaning: 'The client gives the whole request this long, connection to last byte.', effect: 'the client hangs up' },

  { base: 'proxy.connect', layer: 'proxy', kind: 'time', countsFrom: 'connect to upstream', meaning: 'The proxy waits this long for its upstream to accept.', effect: '504 (nginx) or 503 (HAProxy)' },
  { base: 'proxy.read', layer: 'proxy', kind: 'time', countsFrom: 'last read from upstream', meaning: 'The proxy waits this long between two reads from upstream; not for the whole answer.', effect: '504, or a truncated body once the answer has begun' },
  { base: 'proxy.send', layer: 'proxy', kind: 'time', countsFrom: 'last write to upstream', meaning: 'The proxy waits this long between two writes of the request to upstream.', effect: '504' },
  { base: 'proxy.client_header', layer: 'proxy', kind: 'time', countsFrom: 'accept', meaning: 'The proxy waits this long for the request header.', effect: 'the connection is closed, 408 in the log' },
  { base: 'proxy.client_body', layer: 'proxy', kind: 'time', countsFrom: 'last read of the body', meaning: 'The proxy waits this long between two reads of the request body.', effect: '408' },
  { base: 'proxy.client_write', layer: 'proxy', kind: 'time', countsFrom: 'last write to the client', meaning: 'The proxy waits this long between two writes to the client.', effect: 'the connection is closed' },
  { base: 'proxy.idle', layer: 'proxy', kind: 'time', countsFrom: 'last answer', meaning: 'The proxy keeps an idle client connection this long.', effect: 'the idle connection is closed; a request sent on it all the same gets an empty reply or a reset' },
  { base: 'proxy.queue', layer: 'proxy', kind: 'time', countsFrom: 'request queued', meaning: 'A request waits this long for a free upstream slot (HAProxy).', effect: '503' },

  { base: 'gateway.read_header', layer: 'gateway', kind: 'time', countsFrom: 'accept', meaning: "Go's ReadHeaderTimeout: the request header must have arrived.", effect: 'the connection is closed without an answer' },
  { base: 'gateway.read', layer: 'gateway', kind: 'time', countsFrom: 'accept', meaning: "Go's ReadTimeout: header and body must have been read; no effect after that.", effect: 'the connection is closed, or the handler reads an error' },
  { base: 'gateway.write', layer: 'gateway', kind: 'time', countsFrom: 'header read', meaning: "Go's WriteTimeout: an answer written later is lost. It does not interrupt the handler.", effect: 'an empty reply when the handler ends, not when the limit passes' },
  { base: 'gateway.handler', layer: 'gateway', kind: 'time', countsFrom: 'header read', meaning: "Go's http.TimeoutHandler: the handler must have answered.", effect: '503, and the request context is cancelled' },
  { base: 'gateway.worker', layer: 'gateway', kind: 'time', countsFrom: 'request received', meaning: "A supervisor's limit on a silent worker, as gunicorn's --timeout or uWSGI's harakiri.", effect: 'the worker is killed: the connection ends without an answer, and the script with it' },
  { base: 'gateway.idle', layer: 'gateway', kind: 'time', countsFrom: 'last answer', meaning: "Go's IdleTimeout: how long a kept-alive connection waits for its next request; without it ReadTimeout counts.", effect: 'the idle connection is closed; a request sent on it all the same gets an empty reply or a reset' },

  { base: 'connector.queue', layer: 'connector', kind: 'time', countsFrom: 'queued', meaning: 'A request waits this long for a free worker.', effect: '503' },
  { base: 'connector.concurrency', layer: 'connector', kind: 'count', countsFrom: null, meaning: 'How many scripts run at once; the others wait in the queue.', effect: 'the request waits' },
  { base: 'connector.output', layer: 'connector', kind: 'bytes', countsFrom: null, meaning: 'The most a script may return, in bytes of JSON, as maxBuffer of a Node service; 256 MB where it is not set.', effect: 'the result is dropped, 500' },
  { base: 'connector.context', layer: 'connector', kind: 'time', countsFrom: 'connector start', meaning: 'The Go context around the whole transformation, queue wait included.', effect: 'the script is killed, 504' },
  { base: 'connector.python', layer: 'connector', kind: 'time', countsFrom: 'script start', meaning: 'The Python timeout of config.yaml.', effect: 'the script is killed, 504' },
  { base: 'wrapper.timeout', layer: 'wrapper', kind: 'time', countsFrom: 'script start', meaning: 'The time limit of the Python wrapper around transform().', effect: 'the script is ended by its wrapper' },

  { base: 'os.address_space', layer: 'os', kind: 'bytes', countsFrom: null, meaning: 'RLIMIT_AS: address space reserved by one process, used or not.', effect: 'MemoryError, "can\'t start new thread", or a crash' },
  { base: 'os.cpu_time', layer: 'os', kind: 'time', countsFrom: null, meaning: 'RLIMIT_CPU: CPU time of one process, in whole seconds.', effect: 'SIGXCPU, one second later SIGKILL' },
  { base: 'os.open_files', layer: 'os', kind: 'count', countsFrom: null, meaning: 'RLIMIT_NOFILE: open descriptors of one process.', effect: 'OSError 24 (too many open files)' },
  { base: 'os.processes', layer: 'os', kind: 'count', countsFrom: null, meaning: 'RLIMIT_NPROC (per user, ignored for root), or pids.max of a cgroup.', effect: 'BlockingIOError (EAGAIN) when forking or starting a thread' },
  { base: 'os.file_size', layer: 'os', kind: 'bytes', countsFrom: null, meaning: 'RLIMIT_FSIZE: size of one file written.', effect: 'OSError 27 (file too large)' },
  { base: 'os.cpu_share', layer: 'os', kind: 'cpu', countsFrom: null, meaning: 'Share of a core for the whole process tree, as a Kubernetes cpu limit.', effect: 'the script runs slower; nothing is cut by it alone' },
  { base: 'os.memory', layer: 'os', kind: 'bytes', countsFrom: null, meaning: 'cgroup memory limit of the whole process tree.', effect: 'SIGKILL by the OOM killer' },

  { base: 'platform.duration', layer: 'platform', kind: 'time', countsFrom: 'request received', meaning: "The platform's own limit on one invocation.", effect: 'the platform ends the invocation and answers instead of it' },
  { base: 'platform.memory', layer: 'platform', kind: 'bytes', countsFrom: null, meaning: "The platform's memory size, watched as resident memory of the tree.", effect: 'the platform kills the invocation' },
  { base: 'platform.payload', layer: 'platform', kind: 'bytes', countsFrom: null, meaning: "The platform's limit on the size of the request or the answer.", effect: '413 or 502' },
]

/** `proxy2.read` -> `proxy.read`; other ids unchanged. */
export function baseOf(limitId: string): string {
  return limitId.replace(/^proxy\d+\./, 'proxy.')
}

/** Which proxy a limit belongs to: 1 for `proxy1.read`, null for `proxy.read` (all of them) and other layers. */
export function proxyNumberOf(limitId: string): number | null {
  const match = /^proxy(\d+)\./.exec(limitId)
  return match ? Number(match[1]) : null
}

/** Undefined for what is no limit; proxies are numbered from 1, without leading zeros. */
export function limitKindOf(limitId: string): LimitKind | undefined {
  const base = limitId.replace(/^proxy[1-9]\d?\./, 'proxy.')
  return limitKinds.find((kind) => kind.base === base)
}

/** `client.total 500 ms`: a limit as lists name it; the id alone where the value is not known. */
export function explainLimit(limitId: string, value: number | null): string {
  const kind = limitKindOf(limitId)
  return kind && value !== null ? `${limitId} ${formatValue(value, baseUnitOf[kind.kind])}` : limitId
}
