import { named, pictureOf } from '../picture.ts'
import { brokenBehind, type PageRule } from './answer.ts'

export const h2oPage: PageRule = ({ status, body, product }) => {
  if (product !== 'h2o') return null
  if (/^connection failed$|^connection refused/.test(body)) return named('proxy.refused', 0.92, `h2o’s answer: "${body}"`, { product })
  if (/first byte timeout/.test(body)) return named('proxy.read', 0.93, `h2o’s answer: "${body}"`, { product, directive: 'proxy.timeout.first_byte' })
  if (/connection timeout|connect timeout/.test(body)) return named('proxy.connect', 0.93, `h2o’s answer: "${body}"`, { product, directive: 'proxy.timeout.connect' })
  if (/I\/O (?:timeout|error)/i.test(body)) return pictureOf({ saw: `h2o’s answer: "${body}"`, candidates: ['proxy.read', ...brokenBehind], product, directive: 'proxy.timeout.io' })
  if (status === 504) return pictureOf({ saw: 'h2o’s 504', candidates: ['proxy.read', 'proxy.connect'], lead: { cause: 'proxy.read', confidence: 0.75 }, product })
  if (status === 502) return pictureOf({ saw: `h2o’s answer: "${body.slice(0, 80)}"`, candidates: [...brokenBehind, 'proxy.refused', 'proxy.read'], product })
  return null
}
