import type { Cause } from '../../verdict/causes.ts'

/** What happened, per cause, with the software's name put in for `{who}`. */
const happened: Record<Cause, string> = {
  none: 'Nothing was cut: the answer is complete', unknown: 'What is known does not decide who cut the request',
  'client.connect': '{who} gave up connecting', 'client.first_byte': '{who} gave up waiting for the first byte of the answer', 'client.read': '{who} gave up in the middle of the answer', 'client.total': '{who} gave up: its limit on the whole call passed', 'client.canceled': 'The client left before the answer',
  'network.reset': 'The connection was reset on its way', 'network.blackhole': 'Packets vanished on the way', 'network.closed': 'The other side closed the connection', 'network.idle_drop': 'A firewall forgot the idle connection', 'network.refused': 'The connection was refused', 'network.dns': 'A name could not be resolved', 'network.protocol': 'Two sides did not speak the same protocol',
  'proxy.connect': '{who} gave up connecting to its upstream', 'proxy.refused': '{who} could not reach its upstream: nobody accepts there', 'proxy.read': '{who} gave up waiting for its upstream', 'proxy.send': '{who} gave up sending the request to its upstream', 'proxy.client_header': '{who} gave up waiting for the request’s header', 'proxy.client_body': '{who} gave up waiting for the request’s body',
  'proxy.client_write': '{who} gave up on a client that does not read', 'proxy.idle': '{who} closed a connection on which nothing moved', 'proxy.queue': '{who} had no free place for the request in time', 'proxy.bad_gateway': 'The upstream of {who} broke off its answer', 'proxy.backend_down': '{who} had no upstream left in service', 'proxy.rejected': '{who} refused the request', 'proxy.stopped': '{who} itself ended with the request in its hands',
  'gateway.read_header': '{who} gave up waiting for the request’s header', 'gateway.read': '{who} gave up reading the request', 'gateway.write': '{who} answered after its write deadline: the answer was lost', 'gateway.handler': '{who} gave up on its handler', 'gateway.idle': '{who} closed a connection on which nothing moved', 'gateway.worker': '{who} killed the worker that was serving the request', 'gateway.stopped': '{who} ended, or dropped the connection, with the request in its hands', 'gateway.rejected': '{who} refused the request',
  'connector.queue': 'The request waited too long for a free worker', 'connector.context': 'The deadline around the script passed and it was killed', 'connector.python': 'The limit on the script passed and it was ended', 'wrapper.timeout': 'The wrapper around the script ended it',
  'os.address_space': 'The script was refused memory', 'os.oom_kill': 'The kernel killed a process for memory', 'os.cpu_time': 'The CPU time limit ended the script', 'os.open_files': 'No file descriptor was left', 'os.processes': 'No further process or thread could be started', 'os.file_size': 'A file reached its size limit', 'os.disk_full': 'The disk was full', 'os.killed': 'Somebody killed the script from outside',
  'platform.duration': '{who} ended the invocation at its time limit', 'platform.memory': '{who} killed the invocation for memory', 'platform.payload': '{who} refused the size of the request or the answer',
  'python.not_found': 'No Python interpreter was found', 'python.unusable': 'The Python interpreter does not work', 'script.not_accessible': 'The script’s file, or its directory, is not there', 'script.syntax': 'The script does not parse', 'script.no_transform': 'The script defines no transform()', 'script.import': 'An import of the script failed', 'script.exception': 'The script ended with an exception', 'script.bad_output': 'The script’s output is not one JSON value', 'script.exited': 'The script ended by itself without an answer', 'script.crashed': 'The script’s process crashed', 'script.output_limit': 'The script wrote more than the connector takes',
}

const layerName: Record<string, string> = { client: 'The client', proxy: 'The proxy', gateway: 'The gateway', platform: 'The platform' }

export function happenedWords(cause: Cause, product: string | null): string {
  const layer = layerName[cause.slice(0, Math.max(0, cause.indexOf('.')))] ?? 'Somebody'
  return happened[cause].replace('{who}', product || (happened[cause].startsWith('{who}') ? layer : layer.toLowerCase()))
}
