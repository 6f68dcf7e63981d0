import type { LayerId } from '../flow/layers.ts'

/** The closed set of causes. The layer is the part before the dot; each is something a user would go and change. */
export const causes = [
  'none', 'unknown',
  'client.connect', 'client.first_byte', 'client.read', 'client.total', 'client.canceled',
  'network.reset', 'network.blackhole', 'network.closed', 'network.idle_drop', 'network.refused', 'network.dns', 'network.protocol',
  'proxy.connect', 'proxy.refused', 'proxy.read', 'proxy.send', 'proxy.client_header', 'proxy.client_body', 'proxy.client_write', 'proxy.idle',
  'proxy.queue', 'proxy.bad_gateway', 'proxy.backend_down', 'proxy.rejected', 'proxy.stopped',
  'gateway.read_header', 'gateway.read', 'gateway.write', 'gateway.handler', 'gateway.idle', 'gateway.worker', 'gateway.stopped', 'gateway.rejected',
  'connector.queue', 'connector.context', 'connector.python',
  'wrapper.timeout',
  'os.address_space', 'os.oom_kill', 'os.cpu_time', 'os.open_files', 'os.processes', 'os.file_size', 'os.disk_full', 'os.killed',
  'platform.duration', 'platform.memory', 'platform.payload',
  'python.not_found', 'python.unusable',
  'script.not_accessible', 'script.syntax', 'script.no_transform', 'script.import', 'script.exception', 'script.bad_output', 'script.exited',
  'script.crashed', 'script.output_limit',
] as const
export type Cause = (typeof causes)[number]

/** The layer a cause names; null for `none` and `unknown`. `python.*` causes belong to the connector, which starts it. */
export function layerOfCause(cause: Cause): LayerId | 'python' | null {
  if (cause === 'none' || cause === 'unknown') return null
  return cause.slice(0, cause.indexOf('.')) as LayerId | 'python'
}

/** What a run with this cause counts as: exit code and colour follow from it. */
export function outcomeOfCause(cause: Cause): 'completed' | 'failed' | 'cut' {
  if (cause === 'none') return 'completed'
  if (cause.startsWith('script.') || cause.startsWith('python.')) return 'failed'
  return 'cut'
}
