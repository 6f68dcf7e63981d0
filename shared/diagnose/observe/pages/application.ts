import { badOutput } from '../../logs/phrases/others.ts'
import { named, pictureOf } from '../picture.ts'
import { brokenBehind, unreachable, type PageRule } from './answer.ts'

/** Error texts that gateways of one's own pass on to their client: Go's and Node's words stand in the body. */
export const applicationPage: PageRule = (answer) => connector(answer) ?? nextHop(answer) ?? refusal(answer) ?? handler(answer)

/** The gateway started a process. */
const connector: PageRule = ({ body }) => {
  if (/script execution timed out/.test(body) && !/signal: killed/.test(body)) return pictureOf({ saw: 'the answer says that the script took too long', candidates: ['connector.python', 'connector.context'], lead: { cause: 'connector.python', confidence: 0.75 } })
  if (/signal: killed.{0,80}context deadline exceeded/.test(body)) return named('connector.context', 0.92, 'the answer names the connector’s context deadline', { product: 'Go', directive: 'exec.CommandContext' })
  if (/signal: killed.{0,80}context canceled/.test(body)) return named('client.canceled', 0.85, 'the script was killed by a cancelled request', { product: 'Go' })
  if (/MAXBUFFER|maxBuffer length exceeded/.test(body)) return named('script.output_limit', 0.95, 'the answer names the output limit of the child process', { product: 'Node', directive: 'maxBuffer' })
  // Node says the same where the working directory is missing.
  if (/spawn \S+ ENOENT/.test(body)) return pictureOf({ saw: 'the answer says that a program could not be started: it, or its working directory, does not exist', candidates: ['python.not_found', 'script.not_accessible'], lead: { cause: 'python.not_found', confidence: 0.85 } })
  if (/executable file not found/.test(body)) return named('python.not_found', 0.92, 'the answer names an interpreter that does not exist')
  if (/spawn \S+ EACCES|fork\/exec .*permission denied/.test(body)) return named('python.unusable', 0.88, 'the interpreter could not be executed')
  if (badOutput.test(body)) return named('script.bad_output', 0.88, 'the answer says that the script’s output was no JSON')
  if (/script file not accessible/i.test(body)) return named('script.not_accessible', 0.93, 'the answer names a script that cannot be read')
  if (/killed\\?"?: ?true/.test(body)) return pictureOf({ saw: 'the gateway killed its child', candidates: ['connector.python', 'connector.context', 'script.output_limit'], lead: { cause: 'connector.python', confidence: 0.85 }, product: 'Node', directive: 'timeout' })
  if (/signal: killed|signal=\\?"?SIGKILL|code=137|exit(?:ed)?(?: status| code)?[ =:]137/.test(body)) return pictureOf({ saw: 'the script was killed by SIGKILL', candidates: ['connector.context', 'connector.python', 'os.oom_kill', 'os.killed', 'os.cpu_time', 'wrapper.timeout', 'client.canceled'] })
  if (/signal=\\?"?SIGTERM|signal: terminated|code=143/.test(body)) return pictureOf({ saw: 'the script was ended by SIGTERM', candidates: ['connector.python', 'connector.context', 'os.killed', 'client.canceled'], lead: { cause: 'connector.python', confidence: 0.6 } })
  if (/signal=\\?"?SIG(?:SEGV|ABRT|BUS|ILL|FPE)|signal: (?:segmentation|aborted|bus)/.test(body)) return named('script.crashed', 0.88, 'the script’s process crashed')
  if (/code=124|exit(?:ed)?(?: status| code)?[ =:]124/.test(body)) return pictureOf({ saw: 'exit code 124: coreutils `timeout`', candidates: ['wrapper.timeout', 'script.exited'], lead: { cause: 'wrapper.timeout', confidence: 0.85 } })
  if (/code=127|exit(?:ed)?(?: status| code)?[ =:]127/.test(body)) return pictureOf({ saw: 'exit code 127: a program was not found', candidates: ['python.not_found', 'python.unusable'], lead: { cause: 'python.not_found', confidence: 0.8 } })
  if (/code=2\b|exit(?:ed)?(?: status| code)?[ =:]2\b/.test(body)) return pictureOf({ saw: 'exit code 2', candidates: ['script.not_accessible', 'script.exited'], lead: { cause: 'script.not_accessible', confidence: 0.6 } })
  if (/(?:transform|script|child|python|process)\w* (?:exited|failed).{0,20}\b(?:code|status)[ =:]*1\b|exit status 1\b/.test(body)) return pictureOf({ saw: 'the script ended with exit code 1', candidates: ['script.exception', 'script.exited', 'script.import', 'script.syntax', 'python.unusable'], lead: { cause: 'script.exception', confidence: 0.6 }, need: [{ what: 'the traceback on the script’s standard error', how: 'run the script with the same input: python3 script.py < input.json' }] })
  return null
}

/** The gateway called a next hop. */
const nextHop: PageRule = ({ status, body, view }) => {
  if (/Client\.Timeout (?:exceeded|or context)/.test(body)) return pictureOf({ saw: 'the gateway’s own call to the next hop timed out', candidates: ['proxy.read', 'proxy.connect', 'gateway.handler', 'connector.context'], lead: { cause: 'proxy.read', confidence: 0.8 }, product: 'Go', directive: 'http.Client' })
  if (/aborted due to timeout|TimeoutError/.test(body) && status >= 500) return pictureOf({ saw: 'the gateway’s own call to the next hop timed out', candidates: ['proxy.read', 'proxy.connect', 'gateway.handler', 'connector.context'], lead: { cause: 'proxy.read', confidence: 0.75 }, product: 'Node', directive: 'AbortSignal.timeout' })
  if (/UND_ERR_CONNECT_TIMEOUT|Connect Timeout|dial tcp .*i\/o timeout|connect ETIMEDOUT/.test(body)) return named('proxy.connect', 0.88, 'the answer says that the next hop did not accept')
  if (/UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|Headers Timeout|awaiting response headers|timeout of \d+ms exceeded|[Rr]ead timed out/.test(body)) return named('proxy.read', 0.88, 'the answer says that the next hop did not answer')
  if (/ECONNREFUSED|connection refused/i.test(body)) return named('proxy.refused', 0.88, 'the answer says that the next hop refused the connection')
  if (/ENOTFOUND|EAI_AGAIN|no such host|name resolution/.test(body)) return named('network.dns', 0.88, 'the answer says that a name could not be resolved')
  if (/socket hang up/.test(body)) return pictureOf({ saw: '"socket hang up": the next hop closed, or the call’s own timeout destroyed it', candidates: ['proxy.read', 'gateway.handler', 'connector.context', ...brokenBehind], product: 'Node' })
  if (/(?:Error: |")fetch failed|other side closed|UND_ERR_SOCKET/.test(body)) return pictureOf({ saw: '"fetch failed": the next hop was not there or broke off', candidates: [...unreachable, ...brokenBehind], product: 'Node' })
  if (/Error occurred while trying to proxy/.test(body)) return pictureOf({ saw: 'http-proxy-middleware’s answer, which is the same for a timeout and a refused connection', candidates: ['proxy.read', ...unreachable, ...brokenBehind], product: 'http-proxy-middleware' })
  if (status === 502 && body === '' && view && !view.headers.some((header) => header.name.toLowerCase() === 'server')) return pictureOf({ saw: 'an empty 502 without a Server header: Go’s ReverseProxy, nearly anything about the upstream', candidates: ['proxy.read', ...unreachable, ...brokenBehind, 'network.dns'], product: 'Go' })
  return null
}

const refusal: PageRule = ({ status, body, product }) => {
  if (status < 500 && /read tcp .*i\/o timeout|http: request body read timeout/.test(body)) return named('gateway.read', 0.92, 'the answer says that the request’s body did not arrive in time', { product: 'Go', directive: 'ReadTimeout' })
  if (/no (?:free|idle|available) (?:worker|slot)|queue (?:is )?full|queue timeout|waited too long (?:for|in) /i.test(body) && status >= 429) return pictureOf({ saw: 'the answer says that no worker came free', candidates: ['connector.queue', 'gateway.rejected'], lead: { cause: 'connector.queue', confidence: 0.8 } })
  if (product !== null && product !== 'Caddy') return null
  if (/^http: request body too large|PayloadTooLargeError|request entity too large/.test(body)) return named('gateway.rejected', 0.93, 'the answer says that the request is too large', { directive: /^http: /.test(body) ? 'http.MaxBytesHandler' : null })
  if (/request body too large|Payload Too Large|entity too large/i.test(body)) return pictureOf({ saw: 'the answer says that the request is too large', candidates: ['gateway.rejected', 'proxy.rejected'], lead: { cause: 'gateway.rejected', confidence: 0.8 } })
  if (status === 413 || status === 431 || status === 414 || status === 429 || status === 411 || status === 415) return pictureOf({ saw: `status ${status}: the request was refused`, candidates: ['gateway.rejected', 'proxy.rejected'], lead: { cause: 'gateway.rejected', confidence: 0.7 } })
  return null
}

const handler: PageRule = ({ status, body, server, view }) => {
  if (/<title>Timeout<\/title><\/head><body><h1>Timeout<\/h1>/.test(body)) return named('gateway.handler', 0.95, 'the page of Go’s http.TimeoutHandler', { product: 'Go', directive: 'http.TimeoutHandler' })
  if (status === 503 && /^(?:Response timeout|Service timed? ?out|.*handler timed out)/i.test(body)) return named('gateway.handler', 0.85, 'the answer names the handler’s own limit')
  if (status === 504 && /context deadline exceeded|timed? ?out|deadline/i.test(body)) return pictureOf({ saw: 'a 504 that the gateway wrote itself', candidates: ['gateway.handler', 'connector.context', 'proxy.read', 'connector.python'].filter((cause) => cause !== 'connector.python' || !/context/.test(body)) as ('gateway.handler' | 'connector.context' | 'proxy.read' | 'connector.python')[], lead: { cause: 'gateway.handler', confidence: 0.6 }, directive: /context deadline/.test(body) ? 'context.WithTimeout' : null })
  if (status === 408 && server === '' && body === '' && view) return pictureOf({ saw: 'a bare 408: Node’s requestTimeout or headersTimeout', candidates: ['gateway.read', 'gateway.read_header'], lead: { cause: 'gateway.read', confidence: 0.6 }, product: 'Node', directive: 'requestTimeout' })
  if (status === 503 && /concurrency|overloaded|too many requests/i.test(body)) return pictureOf({ saw: 'the gateway refused further work', candidates: ['gateway.rejected', 'proxy.rejected', 'connector.queue'], lead: { cause: 'gateway.rejected', confidence: 0.75 } })
  return null
}
