import type { DiagnosedLimit, DiagnosisLint } from '../diagnosis.ts'
import { timeText } from '../time-text.ts'
import { bare, lintOf, nameOf, type LintRule } from './lint.ts'

const milliseconds = new Set(['axios', 'undici', 'got', 'ky', 'superagent', 'request', 'node-fetch', 'Node', 'fastify', 'hapi', 'http-proxy', 'http-proxy-middleware', 'Kong'])
const seconds = new Set(['nginx', 'Varnish', 'requests', 'httpx', 'aiohttp', 'urllib', 'urllib3', 'http.client', 'http.server', 'socket', 'boto3', 'tornado', 'Python', 'asyncio', 'concurrent.futures', 'Celery', 'curl', 'wget', 'HTTPie', 'ssh', 'gunicorn', 'uWSGI', 'uvicorn', 'hypercorn', 'waitress', 'lighttpd', 'AWS Lambda', 'AWS ALB', 'Kubernetes', 'Apache httpd', 'Traefik', 'systemd', 'stunnel'])
/** Directives in which 0 is no switch but no time at all. */
const zeroCuts = /^(?:proxy|fastcgi|uwsgi|scgi|grpc)_(?:connect|read|send)_timeout$/

/** A number without a unit means something else to every product. */
export const unitTraps: LintRule = { id: 'unit-trap', check: (limits) => limits.filter((limit) => !limit.isDefault).flatMap((limit) => (limit.valueMs === null ? sizeTrap(limit) : trapOf(limit))) }

function trapOf(limit: DiagnosedLimit): DiagnosisLint[] {
  const value = limit.valueMs ?? 0
  const say = (text: string) => [lint(limit, text)]
  if (/31 bits/.test(limit.meaning)) return say('more than 2^31 ms does not fit into a timer: it fires at once, or is truncated.')
  const unread = /does not look at "[^"]{1,20}"/.exec(limit.meaning)?.[0]
  if (unread) return say(`Apache ${unread} behind the digits: this is ${timeText(value)}.`)
  if (limit.product === 'nginx' && value === 0 && zeroCuts.test(limit.directive)) return say('0 does not switch it off: it passes at once.')
  if (!bare(limit)) return []
  if (limit.product === 'Go') return say(`a bare number is nanoseconds to Go: this is ${timeText(value)}. Write ${limit.asWritten} * time.Second.`)
  if (limit.product === 'HAProxy' && value < 1000) return say(`a bare number is milliseconds to HAProxy: this is ${timeText(value)}. Write ${limit.asWritten}s if seconds are meant.`)
  if (limit.product === 'service' && limit.meaning.includes('has no unit')) return say('a number without a unit: decoded straight into Go’s time.Duration it is nanoseconds. Write it with its unit.')
  if (limit.product === 'h2o' && limit.directive.startsWith('proxy.') && value < 1000) return say(`h2o counts proxy limits in milliseconds: this is ${timeText(value)}.`)
  if (milliseconds.has(limit.product) && value <= 120 && !/Interval$/.test(limit.directive)) return say(`${limit.product} counts milliseconds: this is ${timeText(value)}.`)
  if (seconds.has(limit.product) && looksLikeMilliseconds(limit)) return say(`a bare number is seconds to ${limit.product}: this is ${timeText(value)}.${limit.product === 'nginx' || limit.product === 'Varnish' ? ` Write ${limit.asWritten}ms if milliseconds are meant.` : ''}`)
  return []
}

/** 500, 5000, 30000: seconds that people write come in minutes (300, 600, 3600). */
function looksLikeMilliseconds(limit: DiagnosedLimit): boolean {
  const written = Number(limit.asWritten)
  return written * 1000 === limit.valueMs && written >= 300 && (written % 60 !== 0 || written % 1000 === 0)
}

/** Memory in Kubernetes: `512m` is half a byte, `512` 512 bytes. */
function sizeTrap(limit: DiagnosedLimit): DiagnosisLint[] {
  if (limit.cause !== 'os.oom_kill' || !['Kubernetes', 'Docker'].includes(limit.product)) return []
  if (limit.product === 'Kubernetes' && /^\d+m$/.test(limit.asWritten)) return [lint(limit, `m is a thousandth to Kubernetes: this is less than ${Math.max(1, Math.ceil(Number.parseInt(limit.asWritten, 10) / 1000))} byte${limit.asWritten.length > 4 ? 's' : ''}. Write ${limit.asWritten.slice(0, -1)}Mi.`)]
  return /^\d{1,6}$/.test(limit.asWritten) ? [lint(limit, `a bare number is bytes to ${limit.product}.`)] : []
}

function lint(limit: DiagnosedLimit, text: string): DiagnosisLint {
  return lintOf(`unit-trap:${limit.file}:${limit.line}:${limit.directive}`, 'warning', `${nameOf(limit)}: ${text}`, [limit])
}
