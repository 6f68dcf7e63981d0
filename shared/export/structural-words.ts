import { layerIds, stageIds } from '../flow/layers.ts'
import { limitKinds } from '../limits/catalog.ts'
import { causes } from '../verdict/causes.ts'

/**
 * Words a record is built of. A value that happens to be one of them (`{"auth": "client"}`) is no secret worth the name, and taking it
 * out everywhere would leave a file that nobody can open.
 */
const words = new Set<string>([
  ...layerIds, ...stageIds, ...causes, ...limitKinds.map((kind) => kind.base), ...[...causes, ...limitKinds.map((kind) => kind.base)].flatMap((id) => id.split('.')),
  'stdout', 'stderr', 'cutoff', 'python', 'completed', 'failed', 'killed', 'timed_out', 'canceled', 'cancelled', 'aborted', 'timeout', 'refused', 'unreachable', 'upstream', 'downstream', 'user_stop',
  'engine_stop', 'client_gone', 'external', 'thread', 'faulthandler', 'last_sample', 'computing', 'socket', 'waiting', 'throttled', 'builtin', 'haproxy', 'access', 'millicores', 'compile', 'import',
  'find_transform', 'transform', 'serialise', 'reading', 'config', 'default', 'profile', 'request', 'response', 'string', 'number', 'boolean', 'script', 'secret', 'secrets', 'password', 'passwords', 'token', 'tokens',
])

export function isStructuralWord(text: string): boolean {
  return words.has(text.toLowerCase())
}
