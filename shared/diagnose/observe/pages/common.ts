import { named } from '../picture.ts'
import type { PageRule } from './answer.ts'

/** What nginx, Apache, Go, Node behind a TLS port and load balancers say to somebody who speaks plain HTTP to it. */
export const plainToTlsPage: PageRule = ({ status, body, product }) => {
  if (status !== 400 || !/plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port|Client sent an HTTP request to an HTTPS server/i.test(body)) return null
  return named('network.protocol', 0.95, 'the answer says that plain HTTP was spoken to a TLS port', { product })
}
