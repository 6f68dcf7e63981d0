import { counted } from '../../text/counted.ts'
import { acts, factOf, fine, hint, type LogFact, type Sign } from './fact.ts'
import type { Line, LogReader } from './reader.ts'

const product = 'Linux'
const nftCounter = /^(.*?)counter packets (\d+) bytes \d+ (drop|reject(?: with [\w -]+)?)\s*$/
const iptablesCounter = /^\s*(\d+[KMG]?)\s+\d+[KMG]?\s+(DROP|REJECT)\s+(.*)$/
const nstat = /^(?:TcpExt)?(ListenOverflows|ListenDrops)\s+(\d+)/
const socketLine = /^(LISTEN|ESTAB|CLOSE-WAIT|LAST-ACK|FIN-WAIT-[12]|SYN-SENT|TIME-WAIT)\s+\d+\s+\d+\s+\S+:\d+\s/

/**
 * The state of a network as `nft list ruleset`, `iptables -nvL`, `ss -tan` and `nstat` print it: counters of rules that dropped or
 * rejected, a server's socket that is still established, a listener that is gone.
 */
export const networkStateLog: LogReader = {
  id: 'network-state', product,
  open: () => {
    let section: { line: Line; listening: boolean } | null = null
    const closeSection = (): LogFact[] => {
      const gone = section && !section.listening ? [fact(section.line, hint('gateway.stopped', 'the server no longer listens: its process is gone', { confidence: 0.85 }))] : []
      section = null
      return gone
    }
    return {
      take: (line): LogFact[] | null => {
        const header = /^-{2,} (.*)$/.exec(line.text)
        if (header) {
          const facts = closeSection()
          if (/server.*sockets/i.test(header[1] ?? '')) section = { line, listening: false }
          return /sockets|nft|nstat|iptables|ruleset/.test(header[1] ?? '') ? facts : null
        }
        const socket = socketLine.exec(line.text)
        if (socket) {
          if (section && socket[1] === 'LISTEN') section.listening = true
          return section && socket[1] === 'ESTAB' ? [fact(line, hint('network.reset', 'on the server the connection is still established: whatever ended it for the client did not tell the server', { confidence: 0.7, orElse: ['network.idle_drop', 'network.blackhole'] }))] : []
        }
        const rule = ruleSign(line.text)
        if (rule) return [rule.product ? { ...fact(line, rule), product: rule.product } : fact(line, rule)]
        return /^\s*(?:table|chain|type filter hook|[{}]\s*$|State\s+Recv-Q|Tcp\w+\s+\d|Ip6?\w+\s+\d)/.test(line.text) ? [] : null
      },
      close: closeSection,
    }
  },
}

function fact(line: Line, sign: Sign): LogFact {
  return factOf({ file: line.file, line: line.number, product, text: line.text.trim(), timeMs: line.wrapperTimeMs, signs: [sign] })
}

function ruleSign(text: string): Sign | null {
  const nft = nftCounter.exec(text)
  if (nft) return Number(nft[2]) > 0 ? { ...verdictSign(nft[1] ?? '', nft[3] ?? ''), product: 'nft' } : fine('the rule never matched')
  const iptables = iptablesCounter.exec(text)
  if (iptables) return iptables[1] === '0' ? null : { ...verdictSign(iptables[3] ?? '', `${(iptables[2] ?? '').toLowerCase()} ${iptables[3]}`), product: 'iptables' }
  const counter = nstat.exec(text)
  if (counter && Number(counter[2]) > 0) return hint('client.connect', `the listen queue overflowed ${counted(Number(counter[2]), 'time')}: SYNs were dropped`, { confidence: 0.85, orElse: ['network.blackhole'] })
  return null
}

/** A rule's condition and verdict: state "invalid" means the firewall no longer knew the flow. */
function verdictSign(condition: string, verdict: string): Sign {
  const words = `${condition} ${verdict}`
  if (/invalid/i.test(condition)) return acts('network.idle_drop', 'a stateful firewall no longer knew the connection (idle too long) and took its packets', { confidence: 0.95, directive: 'nf_conntrack_tcp_timeout_established' })
  if (/^reject/.test(verdict) && /tcp.?reset/.test(words)) return acts('network.reset', 'a firewall rule answered with a reset', { orElse: ['network.refused'] })
  if (/^reject/.test(verdict)) return acts('network.refused', 'a firewall rule rejected the packets with an ICMP error')
  if (/icmp/.test(condition)) return acts('network.blackhole', 'ICMP errors were dropped: packets that are too large vanish (path MTU)')
  return acts('network.blackhole', 'a firewall rule dropped packets silently')
}
