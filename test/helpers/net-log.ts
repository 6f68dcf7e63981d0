/** Events of Chromium's network log that mean: something went, or was about to go, to the network. A `UDP_CONNECT` sends nothing: by one Chromium asks the system whether there is IPv6. */
const telling = /^(?:TCP_CONNECT|TCP_CONNECT_ATTEMPT|SOCKET_BYTES_SENT|UDP_BYTES_SENT|QUIC_SESSION|HOST_RESOLVER_MANAGER_JOB|HOST_RESOLVER_SYSTEM_TASK|HOST_RESOLVER_DNS_TASK|DNS_TRANSACTION)$/

/** What a log tells of the network. One event a line (Chromium's `--log-net-log`), of which the last may be cut short. */
export function networkUseOf(text: string): { entries: number; used: string[] } {
  const [first = '', ...lines] = text.split('\n')
  const { logEventTypes } = (JSON.parse(`${first.replace(/,\s*$/, '')}}`) as { constants: { logEventTypes: Record<string, number> } }).constants
  const names = new Map(Object.entries(logEventTypes).map(([name, type]) => [type, name]))
  const events = lines.filter((line) => line.startsWith('{"') && /\},?\s*(?:\],?)?$/.test(line)).map((line) => JSON.parse(line.replace(/,\s*$/, '').replace(/\],?\s*$/, '')) as { type: number; params?: object })
  return { entries: events.length, used: events.filter(({ type }) => telling.test(names.get(type) ?? '')).map(({ type, params }) => `${names.get(type)} ${JSON.stringify(params ?? {})}`) }
}
