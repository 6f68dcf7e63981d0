import { acts, factOf, fine, hint, requestOf, sees, type Sign } from './fact.ts'
import type { LogReader } from './reader.ts'
import { parseIsoTime } from './time.ts'

const product = 'IIS'

/** IIS’s W3C log: columns named by `#Fields:`; `sc-win32-status` tells how a request really ended, whatever its status says. */
export const iisLog: LogReader = {
  id: 'iis', product,
  open: () => {
    let columns: string[] = []
    return {
      take: (line) => {
        if (/^#Fields: .*\bsc-win32-status\b/.test(line.text)) {
          columns = line.text.slice('#Fields: '.length).trim().split(/\s+/)
          return []
        }
        if (/^#(?:Software|Version|Date): /.test(line.text)) return /Internet Information Services/.test(line.text) || columns.length > 0 ? [] : null
        const cells = line.text.split(' ')
        if (columns.length === 0 || cells.length !== columns.length || !/^\d{4}-\d{2}-\d{2} \d{2}:/.test(line.text)) return null
        const cell = (name: string) => { const text = cells[columns.indexOf(name)]; return text === undefined || text === '-' ? null : text }
        const status = Number(cell('sc-status')) || null
        return [factOf({
          file: line.file, line: line.number, product, text: line.text, timeMs: parseIsoTime(`${cell('date')}T${cell('time')}Z`), signs: [signOf(status, Number(cell('sc-substatus') ?? 0), Number(cell('sc-win32-status') ?? 0))],
          request: requestOf({ client: cell('c-ip'), method: cell('cs-method'), path: cell('cs-uri-stem'), status, durationMs: cell('time-taken') === null ? null : Number(cell('time-taken')), bytes: cell('sc-bytes') === null ? null : Number(cell('sc-bytes')) }),
        })]
      },
      close: () => [],
    }
  },
}

/** Windows' error codes (winerror.h, winhttp.h) and IIS' substatuses of 502 and 503, from "HTTP status codes in IIS". */
function signOf(status: number | null, substatus: number, win32: number): Sign {
  if (win32 === 12_002) return acts('proxy.read', `${status}.${substatus}, 12002 (ERROR_WINHTTP_TIMEOUT): the next hop did not answer within ARR’s time-out`, { directive: 'proxy timeout', orElse: ['proxy.connect'] })
  if (win32 === 12_029) return acts('proxy.refused', '12029 (ERROR_WINHTTP_CANNOT_CONNECT): the next hop could not be reached', { orElse: ['proxy.connect'] })
  if (win32 === 12_030 || win32 === 12_152) return sees('proxy.bad_gateway', `${win32}: the next hop closed, or its answer was not valid`)
  if (win32 === 12_007) return acts('network.dns', '12007 (ERROR_WINHTTP_NAME_NOT_RESOLVED): the next hop’s name could not be resolved')
  if (win32 === 64 || win32 === 1236 || win32 === 995) return sees('client.canceled', `${win32}: the connection was gone before the answer was through`, { confidence: 0.85 })
  if (win32 === 121) return acts('proxy.client_write', '121 (ERROR_SEM_TIMEOUT): the client did not take the answer in time', { directive: 'connectionTimeout', confidence: 0.8 })
  if (status === 502 && (substatus === 1 || substatus === 2)) return acts('gateway.handler', `502.${substatus}: a CGI or FastCGI application took too long`, { directive: substatus === 1 ? 'activityTimeout' : 'requestTimeout', confidence: 0.85 })
  if (status === 502 && substatus === 5) return acts('gateway.stopped', '502.5: the application’s process did not start, or ended', { confidence: 0.85 })
  if (status === 503 && substatus === 2) return acts('proxy.queue', '503.2: more requests at once than the limit', { directive: 'appConcurrentRequestLimit', confidence: 0.88 })
  if (status === 502 || status === 504) return hint(status === 502 ? 'proxy.bad_gateway' : 'proxy.read', `answered ${status}.${substatus}`)
  return fine(`answered ${status}`)
}
