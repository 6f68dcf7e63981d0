import { headBytes } from '../http/headers.ts'

/** nginx's own names of the statuses it answers by itself. */
const titles: Record<number, string> = { 400: '400 Bad Request', 403: '403 Forbidden', 405: '405 Not Allowed', 408: '408 Request Time-out', 414: '414 Request-URI Too Large', 501: '501 Not Implemented', 502: '502 Bad Gateway', 504: '504 Gateway Time-out', 505: '505 HTTP Version Not Supported' }

/** An answer the proxy makes by itself, in the form of nginx's error pages. */
export function errorPage(status: number, keepAlive: boolean): Buffer {
  const title = titles[status] ?? String(status)
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>cutoff proxy</center>\r\n</body>\r\n</html>\r\n`
  return Buffer.concat([
    headBytes(`HTTP/1.1 ${title}`, [['Server', 'cutoff'], ['Date', new Date().toUTCString()], ['Content-Type', 'text/html'], ['Content-Length', String(body.length)], ['Connection', keepAlive ? 'keep-alive' : 'close']]),
    Buffer.from(body),
  ])
}
