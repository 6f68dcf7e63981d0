/**
 * Words that mark a line of a huge log as worth reading: statuses that are no success, termination states, and the words of every
 * product's errors. Matched on bytes; a word too many costs a parse, one too few costs a finding.
 */
const statuses = ['" 499', '" 408', '" 413', '" 50', '" 000', '"status":4', '"status":5', '"status": 4', '"status": 5', '"status":"5', '"status":"4', 'status=4', 'status=5', 'code=5', 'MISS/50', 'NONE/50', '/408 ', 'ABORTED', '| 50', '| 49', '"- 50', ' - 504 ', ' - 502 ', ...['504', '502', '503', '408', '460', '463', '464'].flatMap((status) => [` ${status} - `, ` ${status} 0 `])]

/** HAProxy: who ended the session, and in which phase; behind a space, a name or a quote, as the format has it. */
const haproxyStates = [' ', '=', '"'].flatMap((before) => [...'cCsSPDKURIL'].flatMap((who) => [...'RQCHDLT'].flatMap((when) => [...'-NV'].map((cookie) => `${before}${who}${when}${cookie}`))))

const words = [
  'timed out', 'timeout', 'time-out', 'timedout', 'deadline', 'prematurely', 'refused', 'reset by peer', 'econn', 'epipe', 'broken pipe', 'hang up', 'harakiri', 'killed', 'oom-', 'oom_', 'oomkill', 'out of memory', 'panic', 'fatal', 'traceback',
  'exception', 'aborted', 'canceled', 'cancelled', 'code=h', 'no live upstreams', 'could not be resolved', 'no such host', 'enotfound', 'eai_again', 'exited on signal', 'terminated due to signal', 'too large', 'too big', 'limiting',
  'und_err', 'fetch failed', 'proxy error', 'wrote ', 'python script execution', 'python3 not found', 'not accessible', 'enoent', 'maxbuffer', 'is down', 'no server available', 'exceeded', 'EOF"', ': EOF', ' EOF', 'unhealthy', 'evicted',
  'probe failed', 'back-off', 'ah01', 'ah009', 'ah028', 'fetcherror', 'sessclose', 'response_flags', 'emfile', 'too many open files', 'no space left', 'shutting down', 'worker_connections', 'awaiting', 'free worker', 'is full', 'not valid json', 'signal: ', 'Node.js v', 'OutOfMemory', 'max-memory-restart', 'HTC idle', 'EdgeResponseStatus":5', 'ERRORINFO_', '"errorInfo":"O', '"errorInfo":"C', '"errorInfo":"D', 'exit status 1', 'container oom', 'container stop', 'container die', '"flags":"U', 'signal_generate', 'syscall=62',
]

const traefik = ['DownstreamStatus":4', 'DownstreamStatus":5']
/** IIS: status, substatus and Windows’ error code stand side by side. */
const iis = [' 502 1 ', ' 502 2 ', ' 502 3 ', ' 502 4 ', ' 502 5 ', ' 503 0 ', ' 503 2 ', ' 504 0 ', ' 0 64 ', ' 0 1236 ', ' 0 995 ', ' 12002 ', ' 12029 ', ' 12030 ']
/** CloudFront: the line that names the columns, and its result types. */
const cloudFront = ['#Fields: ', 'OriginC', 'OriginD', 'OriginI', 'ClientComm']

const envoyFlags = [' UT ', ' UF ', ' UH ', ' UC ', ' DC ', ' UR ', ' NR ', ' UO ', ' LR ', ' SI ', ' DPE ', ' UPE ', ' UMSDR ']

/** As logs write a word: small, with a capital, in capitals. */
function spellings(word: string): string[] {
  return [...new Set([word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase(), word.replaceAll(/(?:^|\s)\w/g, (letter) => letter.toUpperCase())])]
}

/** Every word of interest; with a request id only the lines that name it, and those about processes. */
export function interestingWords(request: string | null): string[] {
  if (request !== null && request.length >= 3) return [request, 'harakiri', 'worker timeout', 'oom-', 'oom_', 'oomkill', 'exited on signal', 'terminated due to signal', 'heap out of memory']
  return [...statuses, ...haproxyStates, ...envoyFlags, ...cloudFront, ...iis, ...traefik, ...words.flatMap(spellings)]
}
