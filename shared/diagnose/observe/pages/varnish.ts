import { pictureOf } from '../picture.ts'
import { brokenBehind, type PageRule } from './answer.ts'

export const varnishPage: PageRule = ({ status, reason, body, product }) => {
  if (product !== 'Varnish' && !/^Backend fetch failed/.test(reason) && !/Guru Meditation|Varnish cache server/.test(body)) return null
  if (status === 503 || status === 502 || status === 504) return pictureOf({ saw: 'Varnish’s error page: a fetch from the backend failed', candidates: ['proxy.read', 'proxy.connect', 'proxy.refused', ...brokenBehind, 'proxy.backend_down', 'proxy.queue'], product: 'Varnish' })
  return null
}
