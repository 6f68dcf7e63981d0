import { formatMs } from '../../limits/units.ts'
import type { Cause } from '../../verdict/causes.ts'
import type { DiagnosedLimit } from '../diagnosis.ts'

/** What to change, most useful first. */
export function fixesFor(cause: Cause, directive: string | null, limit: DiagnosedLimit | null): string[] {
  const place = limit ? ` in ${limit.file}${limit.line === null ? '' : `:${limit.line}`}` : ''
  const setting = directive && cause !== 'none' ? [`${verbFor(cause)} ${directive}${limit?.valueMs != null ? ` (now ${formatMs(limit.valueMs)})` : ''}${place}, and keep every limit further out larger.`] : []
  return [...setting, ...(advice[cause] ?? [])]
}

function verbFor(cause: Cause): string {
  return cause === 'proxy.rejected' || cause === 'gateway.rejected' ? 'Check' : 'Raise'
}

const restart = 'Find out who stopped it: a deploy, a reload, the OOM killer (journalctl -k), an operator.'
const advice: Partial<Record<Cause, string[]>> = {
  'client.total': ['or make the answer faster, or begin to answer earlier (stream).'], 'client.first_byte': ['or begin to answer earlier: send the header before the work is done.'],
  'client.canceled': ['Ask whose client it was: a user, or the next proxy out with a limit of its own.'],
  'network.idle_drop': ['Send keep-alives (TCP keepalive, HTTP/2 ping) more often than the firewall forgets, or raise its limit (nf_conntrack_tcp_timeout_established).'],
  'network.blackhole': ['Look at the counters of the firewalls on the way; for large answers only: allow ICMP "fragmentation needed", or clamp the MSS.'],
  'network.refused': ['Start the server, or correct the address or port; a firewall that rejects looks the same.'],
  'network.reset': ['Capture on both sides: the one that did not send the RST is not to blame (tcpdump "tcp[tcpflags] & tcp-rst != 0").'],
  'network.protocol': ['Use https:// on the TLS port and http:// on the plain one.'], 'network.dns': ['Check the name and the resolver; a resolver that does not answer costs its whole timeout.'],
  'proxy.bad_gateway': ['Look into the upstream’s own log at that moment: it, or a limit of its, closed the connection.'],
  'proxy.refused': ['Check that the upstream runs and listens on the address the proxy uses.'], 'proxy.backend_down': ['Look at the health checks: when and why was the upstream taken out of service?'],
  'proxy.queue': ['Serve more at once (maxconn, workers), or make each request shorter.'], 'proxy.stopped': [restart, 'Let it finish running requests when it reloads (worker_shutdown_timeout, hard-stop-after).'],
  'gateway.write': ['WriteTimeout must be longer than the slowest handler; http.TimeoutHandler answers in time and is seen by the client.'],
  'gateway.stopped': [restart, 'A panic or an uncaught error belongs into the handler: recover it and answer 500.'],
  'gateway.worker': ['or serve slow requests with asynchronous or threaded workers.'],
  'connector.context': ['or let the script do less before it answers.'], 'connector.python': ['or let the script do less before it answers.'],
  'os.oom_kill': ['Raise the memory limit (resources.limits.memory, memory.max), or let the script hold less at once.'], 'os.address_space': ['RLIMIT_AS counts reservations: raise it well above what the script uses.'],
  'os.killed': ['Find the sender: auditctl -a exit,always -F arch=b64 -S kill, or bpftrace on signal_generate.'],
  'python.not_found': ['Install Python, or give the interpreter’s absolute path.'], 'script.not_accessible': ['Check the path and its permissions as the user the connector runs as.'],
  'script.bad_output': ['Print one JSON value to standard output, everything else to standard error.'], 'script.exception': ['The last lines of the traceback name the place.'],
}
