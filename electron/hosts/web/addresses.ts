/**
 * Which requests are for us, by their headers. A web page elsewhere can make the browser send requests to any port of this machine,
 * under a name of its own that resolves to 127.0.0.1 (DNS rebinding); it cannot choose the `Host` and `Origin` they carry.
 */
export interface Addresses {
  /** `Host` is exactly one of the two names this server has. */
  isOurHost(host: string | undefined): boolean
  /** `Origin` is a page of this server, under the very name it was asked by. */
  isOurOrigin(origin: string | undefined, host: string | undefined): boolean
}

export function addressesOf(port: number): Addresses {
  const hosts = new Set([`127.0.0.1:${port}`, `localhost:${port}`])
  const isOurHost = (host: string | undefined) => host !== undefined && hosts.has(host)
  return { isOurHost, isOurOrigin: (origin, host) => isOurHost(host) && origin === `http://${host}` }
}

/**
 * A page of another site, or of another port of this machine, wants a part of ours. Opening ours as a page of its own is a
 * navigation and stays allowed: that is what a link in a terminal or in a mail does.
 */
export function isForeignFetch(headers: { 'sec-fetch-site'?: string | string[]; 'sec-fetch-mode'?: string | string[]; 'sec-fetch-dest'?: string | string[] }): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document'
}
