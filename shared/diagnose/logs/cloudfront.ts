import { acts, factOf, fine, requestOf, sees, type Sign } from './fact.ts'
import type { LogReader } from './reader.ts'
import { parseIsoTime } from './time.ts'

const product = 'CloudFront'

/** CloudFront's standard log: tab-separated, its columns named by `#Fields:`; the detailed result type says how the origin failed. */
export const cloudFrontLog: LogReader = {
  id: 'cloudfront', product,
  open: () => {
    let columns: string[] = []
    return {
      take: (line) => {
        if (/^#Fields: .*x-edge-/.test(line.text)) {
          columns = line.text.slice('#Fields: '.length).trim().split(/\s+/)
          return []
        }
        if (/^#Version: /.test(line.text)) return []
        if (columns.length === 0 || !line.text.includes('\t')) return null
        const cells = line.text.split('\t')
        const cell = (name: string) => cells[columns.indexOf(name)] ?? ''
        const status = Number(cell('sc-status')) || null
        return [factOf({
          file: line.file, line: line.number, product, text: line.text, timeMs: parseIsoTime(`${cell('date')}T${cell('time')}Z`), signs: [signOf(cell('x-edge-detailed-result-type'), status)],
          request: requestOf({ id: cell('x-edge-request-id') || null, client: cell('c-ip') || null, method: cell('cs-method') || null, path: cell('cs-uri-stem') || null, status, durationMs: Number(cell('time-taken')) * 1000 || null, bytes: Number(cell('sc-bytes')) || null }),
        })]
      },
      close: () => [],
    }
  },
}

/** From the table of result types in the CloudFront Developer Guide. */
function signOf(result: string, status: number | null): Sign {
  switch (result) {
    case 'OriginReadTimeout': return acts('proxy.read', 'OriginReadTimeout: the origin was silent for the origin response timeout', { directive: 'OriginReadTimeout' })
    case 'OriginConnectError': return acts('proxy.refused', 'OriginConnectError: the origin could not be connected to', { confidence: 0.85, orElse: ['proxy.connect'] })
    case 'OriginCommError': return sees('proxy.bad_gateway', 'OriginCommError: the origin closed or reset the connection', { confidence: 0.85 })
    case 'OriginDnsError': return acts('network.dns', 'OriginDnsError: the origin’s name could not be resolved')
    case 'OriginInvalidResponse': return sees('proxy.bad_gateway', 'OriginInvalidResponse: the origin’s answer was not valid')
    case 'ClientCommError': return sees('client.canceled', 'ClientCommError: the client left first')
    case 'OriginError': return fine(`the origin itself answered ${status}`)
    default: return fine(`answered ${status}`)
  }
}
