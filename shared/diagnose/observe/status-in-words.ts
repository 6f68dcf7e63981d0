/** How libraries tell that the answer was an error: the status, and its reason phrase where they repeat it. */
const statusWords: readonly RegExp[] = [
  // axios, got (Node); superagent says the reason alone
  /Request failed with status code (\d{3})(?: \(([^)]{1,80})\))?/,
  // httpx, requests, urllib, aiohttp (Python)
  /(?:Server|Client) error '(\d{3}) ([^'\n]{0,80})' for url/, /\b(\d{3}) (?:Server|Client) Error: (.{0,80}?) for url/, /HTTP Error (\d{3}): (.{0,80})/, /ClientResponseError: (\d{3}), message='([^']{0,80})'/,
  // urllib3 after its retries
  /too many (\d{3}) error responses()/,
  // consoles of browsers
  /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+ (?:HTTP\/[\d.]+ )?(\d{3}) \(([^)\n]{0,80})\)/, /responded with a status of (\d{3})(?: \(([^)\n]{0,80})\))?/,
  // PHP, Ruby, wget, PowerShell
  /resulted in a `(\d{3}) ([^`\n]{0,80})` response/, /returned an error: \((\d{3})\) ?([\w -]{0,80})/,
  /HTTP request failed! HTTP\/[\d.]+ (\d{3}) ?(.{0,80})/, /\b(\d{3}) "([^"\n]{1,80})" \(?Net::HTTP/, /ERROR (\d{3}): (.{0,80}?)\.?$/m, /awaiting response\.\.\. (\d{3}) ?(.{0,80})$/m,
  // Java, .NET, Kotlin
  /Server returned HTTP response code: (\d{3})/, /does not indicate success: (\d{3})(?: \(([^)]{1,80})\))?/, /HttpException: HTTP (\d{3}) ?(.{0,80})/, /(?:HttpServerErrorException|HttpClientErrorException|WebClientResponseException)\S*: (\d{3}) ?([\w -]{0,80})/, /FeignException\S*: \[(\d{3}) ?([^\]]{0,80})\]/,
  // Go, by convention of many clients
  /unexpected (?:HTTP )?(?:response )?status(?: code)?:? ?(\d{3}) ?([A-Z][\w -]{2,80})?/i, /(?:HTTP|response|returned|got|bad|received) status(?: code)?[:= ]+"?(\d{3}) ?([A-Z][\w -]{2,80})?/i, /status ?code[:= ]+(\d{3})\b()/i,
]

/** superagent and others say the reason phrase alone. */
const reasons: Record<string, number> = { 'Client Closed Request': 499, 'Gateway Time-out': 504, 'Gateway Timeout': 504, 'Bad Gateway': 502, 'Service Unavailable': 503, 'Internal Server Error': 500 }

/** The error status that an error's text names, with its reason phrase; null if it names none. */
export function statusInWords(text: string): { status: number; reason: string } | null {
  for (const pattern of statusWords) {
    const match = pattern.exec(text)
    const status = Number(match?.[1] ?? Number.NaN)
    if (match && status >= 400 && status < 600) return { status, reason: (match[2] ?? '').trim() }
  }
  const reason = /^(?:\w*Error: )?(?:\d{3} )?([A-Z][\w-]+(?: [A-Z][\w-]+)+)$/m.exec(text)?.[1] ?? ''
  const status = reasons[reason]
  return status === undefined ? null : { status, reason }
}
