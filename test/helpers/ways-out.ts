import type { Where } from './elsewhere.ts'

/** One way by which a page may try to reach another place: `source` is a function of `Where` that runs in the page. */
export interface WayOut { name: string; source: string }

const script = (name: string, go: (where: Where) => unknown): WayOut => ({ name, source: String(go) })
const markup = (name: string, html: (url: string) => string): WayOut => ({ name, source: `({ http }) => { document.body.insertAdjacentHTML('beforeend', (${String(html)})(http)) }` })
const link = (attributes: string): WayOut => ({ name: `<link ${attributes}>`, source: `({ http }) => { document.head.insertAdjacentHTML('beforeend', '<link ${attributes} href="' + http + '">') }` })

/** Ways that leave the page as it is; each is a line. */
export const quietWaysOut: readonly WayOut[] = [
  script('fetch', ({ http }) => { void fetch(http).catch(() => undefined) }),
  script('fetch without CORS', ({ http }) => { void fetch(http, { mode: 'no-cors', keepalive: true }).catch(() => undefined) }),
  script('XMLHttpRequest', ({ http }) => { const request = new XMLHttpRequest(); request.open('GET', http); request.send() }),
  script('a WebSocket', ({ ws }) => { void new WebSocket(ws) }),
  script('an event source', ({ http }) => { void new EventSource(http) }),
  script('a beacon', ({ http }) => { navigator.sendBeacon(http, 'x') }),
  script('WebRTC over UDP', async ({ host, port }) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${host}:${port}` }, { urls: `turn:${host}:${port}?transport=udp`, username: 'x', credential: 'x' }] })
    peer.createDataChannel('x')
    await peer.setLocalDescription(await peer.createOffer())
  }),
  script('WebRTC over TCP', async ({ host, port }) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `turn:${host}:${port}?transport=tcp`, username: 'x', credential: 'x' }] })
    peer.createDataChannel('x')
    await peer.setLocalDescription(await peer.createOffer())
  }),
  script('WebTransport', ({ http }) => { const Transport = (globalThis as unknown as { WebTransport?: new (url: string) => { ready: Promise<void>; closed: Promise<void> } }).WebTransport; if (Transport) { const made = new Transport(http.replace('http:', 'https:')); made.ready.catch(() => undefined); made.closed.catch(() => undefined) } }),
  script('import()', ({ http }) => { void import(`${http}x.js`).catch(() => undefined) }),
  script('a worker', ({ http }) => { void new Worker(http) }),
  script('a shared worker', ({ http }) => { void new SharedWorker(http) }),
  script('a worker out of a blob', ({ http }) => { void new Worker(URL.createObjectURL(new Blob([`fetch(${JSON.stringify(http)})`], { type: 'text/javascript' }))) }),
  script('a service worker', ({ http }) => { void navigator.serviceWorker.register(http).catch(() => undefined) }),
  script('a font', ({ http }) => { const font = new FontFace('elsewhere', `url(${http}x.woff2)`); document.fonts.add(font); void font.load().catch(() => undefined) }),
  script('a style out of a script', ({ http }) => { document.body.style.background = `url(${http}x.png)` }),
  script('an image out of a script', ({ http }) => { new Image().src = http }),
  script('a script element', ({ http }) => { document.body.append(Object.assign(document.createElement('script'), { src: http })) }),
  script('a module script', ({ http }) => { document.body.append(Object.assign(document.createElement('script'), { type: 'module', src: http })) }),
  script('speculation rules', ({ http }) => { document.body.append(Object.assign(document.createElement('script'), { type: 'speculationrules', textContent: JSON.stringify({ prefetch: [{ source: 'list', urls: [http] }], prerender: [{ source: 'list', urls: [http] }] }) })) }),
  markup('<img>', (url) => `<img src="${url}">`),
  markup('<img srcset>', (url) => `<img srcset="${url} 1x">`),
  markup('<svg>', (url) => `<svg><image href="${url}x.svg" /><use href="${url}x.svg#a" /></svg>`),
  markup('<style> with an import and a picture', (url) => `<style>@import "${url}"; body { cursor: url(${url}x.png), auto; background: url(${url}y.png) }</style>`),
  markup('<audio> and <video>', (url) => `<audio src="${url}" preload="auto"></audio><video src="${url}" poster="${url}" preload="auto"><track src="${url}" default></video>`),
  markup('<iframe>', (url) => `<iframe src="${url}"></iframe>`),
  markup('<iframe srcdoc>', (url) => `<iframe srcdoc="<img src='${url}'><link rel='preconnect' href='${url}'>"></iframe>`),
  markup('<object> and <embed>', (url) => `<object data="${url}"></object><embed src="${url}">`),
  markup('<input type=image>', (url) => `<input type="image" src="${url}">`),
  ...['rel=stylesheet', 'rel=icon', 'rel=manifest', 'rel=preload as=script', 'rel=modulepreload', 'rel=prefetch', 'rel=prerender', 'rel=preconnect', 'rel=preconnect crossorigin', 'rel=dns-prefetch'].map(link),
  script('<a ping>', ({ http }) => { const a = Object.assign(document.body.appendChild(document.createElement('a')), { href: '#', ping: http }); a.click() }),
  script('<a download>', ({ http }) => { Object.assign(document.body.appendChild(document.createElement('a')), { href: http, download: 'x' }).click() }),
]
/** Ways that lead the page elsewhere, or open another one. */
const leavingWaysOut: readonly WayOut[] = [
  script('a link', ({ http }) => { Object.assign(document.body.appendChild(document.createElement('a')), { href: http }).click() }),
  script('a link to a new window', ({ http }) => { Object.assign(document.body.appendChild(document.createElement('a')), { href: http, target: '_blank' }).click() }),
  script('a link to a new window with an opener', ({ http }) => { Object.assign(document.body.appendChild(document.createElement('a')), { href: http, target: '_blank', rel: 'opener' }).click() }),
  script('window.open', ({ http }) => { window.open(http) }),
  script('window.open without an opener', ({ http }) => { window.open(http, '_blank', 'noopener') }),
  script('a form', ({ http }) => { Object.assign(document.body.appendChild(document.createElement('form')), { action: http, method: 'POST' }).submit() }),
  script('a form into a new window', ({ http }) => { Object.assign(document.body.appendChild(document.createElement('form')), { action: http, target: '_blank' }).submit() }),
  script('<meta refresh>', ({ http }) => { document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: `0;url=${http}` })) }),
  script('location', ({ http }) => { location.href = http }),
]
/** Every way out of a page that is known to us. */
export const waysOut: readonly WayOut[] = [...quietWaysOut, ...leavingWaysOut]
