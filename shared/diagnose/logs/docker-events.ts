import { acts, factOf, hint, type LogFact, type Sign } from './fact.ts'
import { lineReader } from './reader.ts'
import { parseIsoTime } from './time.ts'
import { parseObject } from './unwrap.ts'

const product = 'Docker'
const textLine = /^(\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})) container ([a-z_]+)(?:: (\w+))? ([0-9a-f]{4,64})\b ?(?:\((.*)\))?$/

/** `docker events`, as text and as JSON: what the daemon did to containers. */
export const dockerEventsLog = lineReader('docker-events', product, (line): LogFact[] | null => {
  const match = textLine.exec(line.text)
  if (match) return factsOf(line, parseIsoTime(match[1] ?? ''), match[2] ?? '', match[3] ?? '', Object.fromEntries([...(match[5] ?? '').matchAll(/([\w.-]+)=([^,]*)/g)].map((pair) => [pair[1], pair[2]])))
  if (line.text.charCodeAt(0) !== 0x7b || !line.text.includes('"Type":"container"')) return null
  const event = parseObject(line.text)
  if (!event || typeof event['Action'] !== 'string') return null
  const actor = event['Actor'] as { Attributes?: Record<string, string> } | undefined
  const [action = '', state = ''] = event['Action'].split(': ')
  return factsOf(line, typeof event['timeNano'] === 'number' ? event['timeNano'] / 1e6 : typeof event['time'] === 'number' ? event['time'] * 1000 : null, action, state, actor?.Attributes ?? {})
})

function factsOf(line: { file: string; number: number; text: string }, timeMs: number | null, action: string, state: string, attributes: Record<string, string | undefined>): LogFact[] {
  const sign = signOf(action, state, attributes)
  return sign ? [factOf({ file: line.file, line: line.number, product, text: line.text, timeMs, signs: [sign] })] : []
}

function signOf(action: string, state: string, attributes: Record<string, string | undefined>): Sign | null {
  switch (action) {
    case 'oom': return acts('os.oom_kill', 'a process of the container was killed at its memory limit', { directive: '--memory' })
    case 'kill': return hint('gateway.stopped', `somebody asked Docker to send signal ${attributes['signal'] ?? '9'}`, { confidence: 0.6, orElse: ['os.killed'] })
    // `docker stop` and `restart`: SIGTERM, then SIGKILL after the grace period.
    case 'stop': case 'restart': return acts('gateway.stopped', 'the container was stopped through Docker', { confidence: 0.92, directive: '--stop-timeout' })
    case 'die': return attributes['exitCode'] === '137' ? hint('gateway.stopped', 'exit code 137: SIGKILL, from a stop or from the OOM killer', { confidence: 0.6, orElse: ['os.oom_kill', 'os.killed'] }) : attributes['exitCode'] === '0' ? null : hint('gateway.stopped', `the container ended with exit code ${attributes['exitCode'] ?? '?'}`, { confidence: 0.6, orElse: ['script.crashed'] })
    case 'health_status': return state === 'unhealthy' ? hint('proxy.backend_down', 'the container’s health check failed', { confidence: 0.5 }) : null
    default: return null
  }
}
