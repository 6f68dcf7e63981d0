import { formatMs } from '../../limits/units.ts'
import type { DiagnosedLimit, DiagnosisLint } from '../diagnosis.ts'
import { bare, lintOf, nameOf, type LintRule } from './lint.ts'

const milliseconds = new Set(['axios', 'undici', 'got', 'Node', 'fastify', 'http-proxy', 'http-proxy-middleware'])
const seconds = new Set(['requests', 'httpx', 'aiohttp', 'urllib', 'urllib3', 'curl', 'gunicorn', 'uWSGI', 'uvicorn', 'lighttpd', 'AWS Lambda', 'Kubernetes', 'Apache httpd'])

/** A number without a unit means something else to every product. */
export const unitTraps: LintRule = { id: 'unit-trap', check: (limits) => limits.filter((limit) => limit.valueMs !== null && !limit.isDefault).flatMap(trapOf) }

function trapOf(limit: DiagnosedLimit): DiagnosisLint[] {
  const value = limit.valueMs ?? 0
  const say = (text: string) => [lintOf(`unit-trap:${limit.file}:${limit.line}`, 'warning', `${nameOf(limit)}: ${text}`, [limit])]
  if (/31 bits/.test(limit.meaning)) return say('more than 2^31 ms does not fit into a timer: it fires at once, or is truncated.')
  if (!bare(limit)) return limit.product === 'nginx' && /^\d+ms$/.test(limit.asWritten) ? [] : []
  if (limit.product === 'Go') return say(`a bare number is nanoseconds to Go: this is ${formatMs(value)}. Write ${limit.asWritten} * time.Second.`)
  if (limit.product === 'HAProxy' && value < 1000) return say(`a bare number is milliseconds to HAProxy: this is ${formatMs(value)}. Write ${limit.asWritten}s if seconds are meant.`)
  if (limit.product === 'nginx' && value >= 300_000) return say(`a bare number is seconds to nginx: this is ${formatMs(value)}. Write ${limit.asWritten}ms if milliseconds are meant.`)
  if (limit.product === 'Varnish' && value >= 300_000) return say(`a bare number is seconds to Varnish: this is ${formatMs(value)}.`)
  if (limit.product === 'service' && limit.meaning.includes('has no unit')) return say('a number without a unit: decoded straight into Go’s time.Duration it is nanoseconds. Write it with its unit.')
  if (limit.product === 'h2o' && limit.directive.startsWith('proxy.') && value < 1000) return say(`h2o counts proxy limits in milliseconds: this is ${formatMs(value)}.`)
  if (milliseconds.has(limit.product) && value < 400 && limit.directive !== 'connectionsCheckingInterval') return say(`${limit.product} counts milliseconds: this is ${formatMs(value)}.`)
  if (seconds.has(limit.product) && value >= 1_000_000) return say(`${limit.product} counts seconds: this is ${formatMs(value)}.`)
  return []
}
