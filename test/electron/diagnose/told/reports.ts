import type { ToldCase } from '../../../helpers/told-case.ts'

const observed = (value: object) => ({ 'observation.saw': JSON.stringify(value) })
const library = (title: string, error: object, expected: Partial<ToldCase>): ToldCase => ({ title, cause: 'unknown', files: observed({ kind: 'client-lib', elapsed_ms: 900, status: null, ...error }), ...expected })
const page = (title: string, answer: object, expected: Partial<ToldCase>): ToldCase => ({ title, cause: 'unknown', files: observed({ elapsed_ms: 900, body_bytes: 100, complete: true, end: 'open', headers: [], ...answer }), ...expected })
const process = (title: string, record: object, expected: Partial<ToldCase>): ToldCase => ({ title, cause: 'unknown', files: observed({ kind: 'process', spawn_error: null, exit_code: null, signal: null, exit_ms: 700, stdout_bytes: 0, stdout_prefix: '', stderr_tail: '', events: [], cpu_s: 0.03, maxrss_mb: 10, ...record }), ...expected })
const caught = 'Traceback (most recent call last):\n  File "s.py", line 2, in <module>\nZeroDivisionError: division by zero\n'

/** What libraries, error pages and processes report, each by the words of its own. */
export const reportCases: ToldCase[] = [
  library('got: the whole request', { error_type: 'TimeoutError', error: "Timeout awaiting 'request' for 1300ms", code: 'ETIMEDOUT' }, { cause: 'client.total', product: 'got', directive: 'timeout.request', limitMs: 1300 }),
  library('got: connecting', { error_type: 'TimeoutError', error: "Timeout awaiting 'connect' for 900ms", code: 'ETIMEDOUT' }, { cause: 'client.connect', product: 'got', limitMs: 900 }),
  library('got: the answer had begun', { error_type: 'TimeoutError', error: "Timeout awaiting 'read' for 900ms" }, { cause: 'client.read', product: 'got' }),
  library('superagent: the first byte', { error_type: 'Error', error: 'Response timeout of 900ms exceeded', code: 'ECONNABORTED' }, { cause: 'client.first_byte', product: 'superagent', directive: 'timeout.response', limitMs: 900 }),
  library('superagent: the whole call', { error_type: 'Error', error: 'Timeout of 900ms exceeded', code: 'ECONNABORTED' }, { cause: 'client.total', product: 'superagent', directive: 'timeout.deadline' }),
  library('axios: a timeout message of its own', { error_type: 'AxiosError', error: 'transform service too slow', code: 'ECONNABORTED' }, { cause: 'client.total', product: 'axios' }),
  library('axios: a broken body', { error_type: 'AxiosError', error: 'stream has been aborted', code: 'ERR_BAD_RESPONSE' }, { candidates: ['network.closed', 'proxy.read', 'gateway.worker'] }),
  library('axios: an error status is what was seen', { error_type: 'AxiosError', error: 'Request failed with status code 504', code: 'ERR_BAD_RESPONSE' }, { candidates: ['proxy.read', 'proxy.connect'] }),
  library('httpx: an error status is what was seen', { error_type: 'httpx.HTTPStatusError', error: "Server error '504 Gateway Time-out' for url 'http://api/x'" }, { candidates: ['proxy.read', 'proxy.connect'] }),
  library('requests: an error status is what was seen', { error_type: 'requests.exceptions.HTTPError', error: '502 Server Error: Bad Gateway for url: http://api/x' }, { candidates: ['proxy.refused', 'proxy.bad_gateway', 'gateway.write'] }),
  library('urllib: Varnish is known by its reason phrase', { error_type: 'urllib.error.HTTPError', error: 'HTTP Error 503: Backend fetch failed' }, { candidates: ['proxy.read', 'proxy.queue'] }),
  library('.NET: an error status', { error_type: 'System.Net.Http.HttpRequestException', error: 'Response status code does not indicate success: 504 (Gateway Timeout).' }, { candidates: ['proxy.read'] }),
  library('Java: an error status', { error_type: 'java.io.IOException', error: 'Server returned HTTP response code: 502 for URL: http://api/x' }, { candidates: ['proxy.bad_gateway'] }),
  library('requests: an error page where JSON was awaited', { error_type: 'requests.exceptions.JSONDecodeError', error: 'Expecting value: line 1 column 1 (char 0)', chain: ['requests.exceptions.JSONDecodeError: Expecting value: line 1 column 1 (char 0)'] }, { candidates: ['proxy.read', 'proxy.refused'] }),
  library('an answer that a library took for whole may have been cut short', { status: 200, error: '', error_type: null }, { cause: 'none', candidates: ['none', 'network.closed'] }),
  library('wget: a 504 and nothing more', { error_type: 'wget exit 4', error: 'Connecting to 127.0.0.1:40921... connected.\nHTTP request sent, awaiting response... 504 Gateway Time-out\nGiving up.' }, { candidates: ['proxy.read', 'proxy.connect'] }),
  library('fetch: an error page where JSON was awaited', { error_type: 'SyntaxError', error: 'Unexpected token \'<\', "<html>\n<h"... is not valid JSON' }, { candidates: ['proxy.read', 'proxy.bad_gateway', 'proxy.refused'] }),
  library('fetch: a reset in the middle of the body', { error_type: 'TypeError', error: 'terminated', cause: { name: 'Error', code: 'ECONNRESET', message: 'read ECONNRESET' } }, { candidates: ['network.reset', 'proxy.stopped'] }),
  library('requests: a reset in the middle of the body', { error_type: 'requests.exceptions.ChunkedEncodingError', error: '("Connection broken: ConnectionResetError(104, \'Connection reset by peer\')", ConnectionResetError(104, \'Connection reset by peer\'))' }, { candidates: ['network.reset'] }),
  library('requests: no read timeout of its own, yet it timed out', { error_type: 'requests.exceptions.ReadTimeout', error: "HTTPConnectionPool(host='api', port=80): Read timed out. (read timeout=None)" }, { candidates: ['client.total', 'client.canceled'] }),
  library('ky: its timeout', { error_type: 'TimeoutError', error: 'Request timed out: GET http://api/x' }, { cause: 'client.total' }),
  library('Ruby: Timeout.timeout', { error_type: 'Timeout::Error', error: 'execution expired' }, { candidates: ['client.total'] }),
  library('PHP: curl’s own words', { error_type: 'RuntimeException', error: 'cURL error 28: Operation timed out after 902 milliseconds with 0 bytes received' }, { cause: 'client.total', limitMs: 902 }),
  library('PHP: curl could not connect in time', { error_type: 'RuntimeException', error: 'cURL error 28: Failed to connect to api port 80 after 901 ms: Timeout was reached' }, { cause: 'client.connect' }),
  library('PHP: a stream without words', { error_type: 'PHP', error: 'PHP Warning:  file_get_contents(http://api/x): Failed to open stream: HTTP request failed! in app.php on line 3' }, { candidates: ['client.first_byte', 'gateway.write', 'network.closed'] }),
  library('PHP: a stream with a status', { error_type: 'PHP', error: 'PHP Warning:  file_get_contents(http://api/x): Failed to open stream: HTTP request failed! HTTP/1.1 504 Gateway Time-out in app.php on line 3' }, { candidates: ['proxy.read', 'proxy.connect'] }),
  library('Node http: a message of one’s own about connecting', { error_type: 'Error', error: 'connect timeout after 900ms' }, { cause: 'client.connect' }),

  page('plain HTTP to a TLS port', { status: 'HTTP/1.1 400 Bad Request', headers: ['Server: nginx/1.22.1'], body_prefix: '<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>' }, { cause: 'network.protocol' }),
  page('API Gateway: its integration timeout is not the gateway’s handler', { status: 'HTTP/1.1 504 Gateway Timeout', headers: ['x-amzn-ErrorType: InternalServerErrorException'], body_prefix: '{"message": "Endpoint request timed out"}' }, { cause: 'platform.duration', product: 'AWS API Gateway' }),
  page('an HTTP API’s 503', { status: 'HTTP/1.1 503 Service Unavailable', headers: ['apigw-requestid: Jx='], body_prefix: '{"message":"Service Unavailable"}' }, { cause: 'platform.duration', candidates: ['platform.duration', 'proxy.bad_gateway'] }),
  page('Envoy: the route’s timeout', { status: 'HTTP/1.1 504 Gateway Timeout', headers: ['Server: envoy'], body_prefix: 'upstream request timeout' }, { cause: 'proxy.read', product: 'Envoy' }),
  page('Cloud Run: a bare 503 is not Traefik’s', { status: 'HTTP/1.1 503 Service Unavailable', headers: ['Server: Google Frontend'], body_prefix: 'Service Unavailable' }, { candidates: ['platform.memory', 'proxy.backend_down'] }),
  page('Fastly names the failure in its reason phrase', { status: 'HTTP/1.1 503 first byte timeout', headers: ['Server: Varnish'] }, { cause: 'proxy.read', product: 'Fastly', directive: 'first_byte_timeout' }),
  page('Kong', { status: 'HTTP/1.1 504 Gateway Time-out', headers: ['Server: kong/3.4.2'], body_prefix: '{\n  "message":"The upstream server is timing out"\n}' }, { cause: 'proxy.read', product: 'Kong' }),
  page('Vercel', { status: 'HTTP/1.1 504 Gateway Timeout', headers: ['Server: Vercel'], body_prefix: 'An error occurred with this application.\n\nFUNCTION_INVOCATION_TIMEOUT' }, { cause: 'platform.duration', product: 'Vercel' }),
  page('IIS as a proxy', { status: 'HTTP/1.1 502 Bad Gateway', headers: ['Server: Microsoft-IIS/10.0'], body_prefix: '502.3 - Bad Gateway The operation timed out 0x80072ee2 12002' }, { cause: 'proxy.read', product: 'IIS' }),
  page('Apache could not resolve its upstream', { status: 'HTTP/1.1 500 Proxy Error', headers: ['Server: Apache/2.4.71 (Debian)'], body_prefix: '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>500 Proxy Error</title>' }, { cause: 'network.dns', product: 'Apache httpd' }),
  page('Go says that the body did not arrive', { status: 'HTTP/1.1 400 Bad Request', body_prefix: 'read tcp 127.0.0.1:8080->127.0.0.1:51344: i/o timeout' }, { cause: 'gateway.read' }),
  page('a gateway that could not read what the script printed', { status: 'HTTP/1.1 502 Bad Gateway', body_prefix: 'script output is not valid JSON' }, { cause: 'script.bad_output' }),
  page('a gateway without a free worker', { status: 'HTTP/1.1 503 Service Unavailable', body_prefix: 'no free worker' }, { cause: 'connector.queue' }),
  page('closed at once without a word may be a rule', { status: null, elapsed_ms: 2, close_ms: 2, end: 'fin', complete: null, body_bytes: 0 }, { candidates: ['proxy.rejected', 'network.closed'] }),
  page('a chunked answer of a program that copies may have been cut', { status: 'HTTP/1.1 200 OK', headers: ['Transfer-Encoding: chunked'], body_prefix: '{"partial":"aaaa' }, { cause: 'none', candidates: ['none', 'proxy.read'] }),

  process('a traceback that was caught does not end a process that a signal ended', { signal: 'SIGKILL', stderr_tail: caught }, { candidates: ['os.killed', 'os.oom_kill', 'connector.python'] }),
  process('a traceback that was caught, through a shell', { exit_code: 137, stderr_tail: `${caught}Killed\n` }, { candidates: ['os.killed', 'os.oom_kill'] }),
  process('a connector that says why: too much output', { signal: 'SIGKILL', stdout_bytes: 20_000, events: [{ ms: 406, connector: 'stdout limit of 10000 bytes exceeded, SIGKILL' }] }, { cause: 'script.output_limit' }),
  process('a connector that says why: its client had gone', { signal: 'SIGKILL', events: [{ ms: 526, connector: 'client gone, SIGKILL' }] }, { cause: 'client.canceled' }),
  process('`timeout -s INT`: 124 counts, not the KeyboardInterrupt', { exit_code: 124, stderr_tail: 'Traceback (most recent call last):\n  File "s.py", line 1, in <module>\nKeyboardInterrupt\n' }, { cause: 'wrapper.timeout' }),
  process('an exception at exit, after a good answer', { exit_code: 0, stdout_bytes: 8, stdout_prefix: '{"a":1}\n', stderr_tail: 'Exception ignored in atexit callback: <function <lambda> at 0x7f>\nTraceback (most recent call last):\n  File "s.py", line 2, in <lambda>\nZeroDivisionError: division by zero\n' }, { cause: 'none' }),
  process('an alarm of its own', { signal: 'SIGALRM' }, { candidates: ['wrapper.timeout', 'script.exited'] }),
  process('the script reports a child that was killed', { exit_code: 1, stderr_tail: 'worker ended with -9\n' }, { candidates: ['os.oom_kill', 'script.exited'] }),
  process('a child ran out of memory, the parent only passes it on', { exit_code: 1, stderr_tail: `Traceback (most recent call last):\n  File "<string>", line 1\nMemoryError\nTraceback (most recent call last):\n  File "s.py", line 2\nsubprocess.CalledProcessError: Command '['python3']' returned non-zero exit status 1.\n` }, { cause: 'os.address_space' }),
  process('what is printed while objects are cleared away ends nothing', { exit_code: 1, stderr_tail: "Traceback (most recent call last):\n  File \"s.py\", line 4, in <module>\nOSError: [Errno 24] Too many open files\nException ignored in: <function BaseEventLoop.__del__ at 0x7e>\nTraceback (most recent call last):\n  File \"base_events.py\", line 694, in __del__\nAttributeError: '_UnixSelectorEventLoop' object has no attribute '_ssock'\n" }, { cause: 'os.open_files' }),
  process('SQLite says that the disk is full', { exit_code: 1, stderr_tail: 'Traceback (most recent call last):\n  File "s.py", line 4\nsqlite3.OperationalError: database or disk is full\n' }, { cause: 'os.disk_full' }),
]
