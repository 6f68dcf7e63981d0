import type { Cause } from '../../verdict/causes.ts'
import type { Need } from '../diagnosis.ts'

/** Per kind of doubt: the file or command that would settle it. */
const needs: { when: readonly Cause[]; need: Need; /** Of no use where limits are known already. */ limits?: true }[] = [
  { when: ['proxy.read', 'proxy.connect', 'proxy.bad_gateway', 'proxy.refused', 'proxy.client_header', 'proxy.client_body', 'proxy.backend_down'], need: { what: 'the error log of the proxy in front', how: 'cutoff diagnose /var/log/nginx /var/log/haproxy.log' } },
  { when: ['gateway.write', 'gateway.worker', 'gateway.stopped'], need: { what: 'the gateway’s log around that moment', how: 'journalctl -u <gateway> --since "-10 min" | cutoff diagnose -' } },
  { when: ['proxy.idle', 'gateway.idle', 'gateway.read', 'gateway.read_header'], need: { what: 'the configured limits: nothing logs these', how: 'cutoff diagnose /etc/nginx /etc/haproxy config.yaml' }, limits: true },
  { when: ['client.total', 'client.first_byte', 'client.canceled', 'client.connect'], need: { what: 'the client’s own settings', how: 'cutoff diagnose <the client’s source or .env>' } },
  { when: ['network.blackhole', 'network.idle_drop', 'network.reset'], need: { what: 'counters of the firewalls and sockets on both sides', how: '(nft list ruleset; ss -tanoie; nstat -az) | cutoff diagnose -' } },
  { when: ['os.oom_kill', 'os.killed', 'os.cpu_time'], need: { what: 'who killed: the kernel’s log and the cgroup’s events', how: '(journalctl -k --since "-1 h"; cat /sys/fs/cgroup/<group>/memory.events) | cutoff diagnose -' } },
  { when: ['platform.duration', 'platform.memory'], need: { what: 'the platform’s own log', how: 'aws logs tail /aws/lambda/<function> --since 1h | cutoff diagnose -' } },
  { when: ['python.not_found', 'python.unusable', 'script.not_accessible'], need: { what: 'whether interpreter, script and working directory are there, and what the #! line says', how: 'command -v python3; ls -ld <folder> <script.py>; head -1 <script.py> | od -c | head -2' } },
  { when: ['os.processes', 'os.address_space', 'os.open_files'], need: { what: 'the limits the process really has', how: 'cat /proc/<pid>/limits; systemctl show <unit> -p TasksMax -p LimitAS -p LimitNPROC' } },
  { when: ['proxy.rejected', 'gateway.rejected', 'connector.queue'], need: { what: 'who answered: the whole answer with its headers, and the access logs of both', how: 'curl -si <url> | head -40' } },
  { when: ['network.closed'], need: { what: 'whether the body is as long as was promised', how: 'curl -sv <url> -o body 2> saw.txt; wc -c body; cutoff diagnose --saw saw.txt' } },
  { when: ['script.exception', 'script.exited', 'script.bad_output'], need: { what: 'the script’s standard error', how: 'python3 script.py < input.json' } },
]

/** Where nothing at all was found out: what to bring. */
const nothingKnown: Need[] = [
  { what: 'what the client saw: its error, or the answer with its times', how: 'curl -v --max-time 120 <url> 2>&1 | tee saw.txt; cutoff diagnose --saw saw.txt' },
  { what: 'the logs of every hop around that moment', how: 'cutoff diagnose /var/log/nginx /var/log/haproxy.log gateway.log --around <time>' },
  { what: 'the configured limits', how: 'cutoff diagnose /etc/nginx /etc/haproxy config.yaml' },
]

/** What would narrow these candidates, at most four. Nothing where one cause is left, and nothing that was given. */
export function needsFor(candidates: readonly Cause[], given: { limits: boolean } = { limits: false }): Need[] {
  if (candidates.length === 1 && candidates[0] === 'unknown') return given.limits ? nothingKnown.slice(0, 2) : nothingKnown
  if (candidates.length < 2) return []
  return needs.filter(({ when, limits }) => !(limits && given.limits) && when.some((cause) => candidates.includes(cause))).map(({ need }) => need).slice(0, 4)
}
