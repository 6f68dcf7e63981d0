import { acts, type Sign } from './fact.ts'

/** Nothing tells which of the two limits it was. */
const unnamed = 0.88

/**
 * The transformation service's "Python script execution timed out": the context's deadline where `timeout_seconds` says so,
 * else the service's Python timeout. The time taken is the best witness of which one it was; a service that names its limit
 * is believed, and without either it may be both.
 */
export function scriptTimeout(message: string, fields: Readonly<Record<string, unknown>>): Sign | null {
  if (!/python script execution timed out/i.test(message)) return null
  const tookMs = Number(fields['execution_time_ms'] ?? Number.NaN)
  const configured = Number(fields['timeout_seconds'] ?? Number.NaN) * 1000
  const limitMs = Number.isFinite(configured) && Math.abs(configured - tookMs) < configured * 0.1 ? configured : null
  if (fields['limit'] === 'connector.python') return acts('connector.python', 'the service’s limit on the script passed', { directive: 'python.timeout', limitMs, product: 'Go' })
  return acts('connector.context', 'the service’s context around the script passed its deadline', { directive: 'context.WithTimeout', limitMs, product: 'Go', orElse: ['connector.python'], confidence: fields['limit'] === 'connector.context' || limitMs !== null ? 0.96 : unnamed })
}
