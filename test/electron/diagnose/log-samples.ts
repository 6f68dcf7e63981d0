/** A log per reader as its product writes it: the first lines tell what it is, the last is the request that was cut. */
export const logSamples: Record<string, { file: string; text: string }> = {
  haproxy: sample('haproxy.log', 'Mar 14 02:11:05 lb1 haproxy[811]: 10.0.0.9:51344 [14/Mar/2026:02:11:05.001] fe~ be/app1 0/0/1/20/21 200 1524 - - ---- 12/12/3/1/0 0/0 "GET /v2/items HTTP/1.1"', 'Mar 14 02:11:37 lb1 haproxy[811]: 10.0.0.9:51344 [14/Mar/2026:02:11:07.482] fe~ be/app1 0/0/1/-1/30001 504 194 - - sH-- 12/12/3/1/0 0/0 "GET /v2/convert HTTP/1.1"'),
  'nginx-error': sample('error.log', '2026/03/14 02:11:07 [error] 31#31: *88412 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.9, server: x, request: "GET /v2/convert HTTP/1.1", upstream: "http://10.3.0.17:8080/v2/convert", host: "x"'),
  'apache-error': sample('error_log', '[Sat Mar 14 02:11:07.482123 2026] [proxy_http:error] [pid 31:tid 7] (70007)The timeout specified has expired: [client 203.0.113.9:51344] AH01102: error reading status line from remote server 10.3.0.17:8080'),
  caddy: sample('caddy.json', '{"level":"info","ts":1773454266.1,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"203.0.113.9","method":"GET","host":"x","uri":"/ok"},"duration":0.0021,"status":200}', '{"level":"error","ts":1773454267.482,"logger":"http.log.error","msg":"net/http: timeout awaiting response headers","request":{"remote_ip":"203.0.113.9","method":"GET","host":"x","uri":"/v2/convert"},"duration":20.0021,"status":504}'),
  traefik: sample('traefik.json', '{"ClientAddr":"203.0.113.9:51344","DownstreamContentSize":15,"DownstreamStatus":504,"Duration":30001000000,"OriginContentSize":15,"OriginDuration":30000100000,"OriginStatus":504,"RequestMethod":"GET","RequestPath":"/v2/convert","RouterName":"api@docker","StartUTC":"2026-03-14T02:11:07.482Z","level":"info","msg":"","time":"2026-03-14T02:11:37Z"}'),
  envoy: sample('envoy.log', '[2026-03-14T02:11:07.482Z] "GET /transform HTTP/1.1" 504 UT 0 24 15000 - "203.0.113.9" "curl/8" "6f1c" "svc" "10.0.0.5:8080"'),
  'aws-alb': sample('alb.log', 'https 2026-03-14T02:11:07.482000Z app/prod/50dc6c495c0c9188 203.0.113.9:2817 10.0.0.5:80 0.000 -1 -1 504 - 34 366 "GET https://www.example.com:443/v2/convert HTTP/1.1" "curl/8" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/t/7 "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 2026-03-14T02:10:07.482000Z "forward" "-" "-" "10.0.0.5:80" "-" "-" "-"'),
  'aws-elb': sample('elb.log', '2026-03-14T02:11:07.482123Z my-lb 203.0.113.9:2817 10.0.0.5:80 0.000086 -1 -1 504 0 0 0 "GET http://www.example.com:80/v2/convert HTTP/1.1" "curl/8" - -'),
  iis: sample('u_ex260314.log', '#Software: Microsoft Internet Information Services 10.0', '#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken', '2026-03-14 02:11:07 10.0.0.1 POST /v2/convert - 443 - 203.0.113.9 curl/8 502 3 12002 120015'),
  heroku: sample('heroku.log', '2026-03-14T02:11:07.482000+00:00 heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/v2/convert" host=app.example.com request_id=8601b555 fwd="203.0.113.9" dyno=web.1 connect=1ms service=30001ms status=503 bytes=0 protocol=https'),
  'aws-lambda': sample('lambda.log', 'START RequestId: 6f1c2a4e-0000-4000-8000-1234567890ab Version: $LATEST', '2026-03-14T02:11:07.482Z 6f1c2a4e-0000-4000-8000-1234567890ab Task timed out after 3.00 seconds'),
  cloudfront: sample('cloudfront.log', '#Version: 1.0', '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status x-edge-result-type x-edge-request-id time-taken x-edge-detailed-result-type', '2026-03-14\t02:11:07\tFRA2\t919\t203.0.113.9\tGET\td1.cloudfront.net\t/v2/convert\t504\tError\tabc==\t30.001\tOriginReadTimeout'),
  squid: sample('access.log', '1773454267.482  60012 203.0.113.9 TCP_MISS/504 4021 GET http://convert/v2 - HIER_DIRECT/10.3.0.17 text/html [err_code: ERR_READ_TIMEOUT/-]'),
  access: sample('access.log', '203.0.113.9 - - [14/Mar/2026:02:11:05 +0000] "GET /ok HTTP/1.1" 200 5120 "-" "curl/8" rt=0.020 us="200"', '203.0.113.9 - - [14/Mar/2026:02:11:07 +0000] "GET /v2/convert HTTP/1.1" 504 167 "-" "curl/8" rt=60.001 uct=0.001 uht=- urt=60.000 us="504" ua="10.3.0.17:8080"'),
  varnishlog: sample('varnish.log', '*   << BeReq    >> 32773', '-   Begin          bereq 32772 fetch', '-   BereqMethod    GET', '-   BereqURL       /v2/convert', '-   FetchError     first byte timeout', '-   BackendClose   24 default Receive timeout', '-   End', ''),
  'lighttpd-error': sample('error.log', '2026-03-14 02:11:07: (gw_backend.c.2571) read timeout on socket: tcp:10.3.0.17:8080 (fd: 9)'),
  stunnel: sample('stunnel.log', '2026.03.14 02:11:07 LOG3[0]: transfer: s_poll_wait: TIMEOUTidle exceeded: sending reset'),
  h2o: sample('h2o.log', '[lib/core/proxy.c] in request:/v2/convert:upstream I/O timeout'),
  gunicorn: sample('gunicorn.log', '[2026-03-14 02:10:37 +0000] [7] [INFO] Booting worker with pid: 19', '[2026-03-14 02:11:07 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:19)'),
  uwsgi: sample('uwsgi.log', 'Sat Mar 14 02:11:07 2026 - *** HARAKIRI ON WORKER 2 (pid: 44, try: 1) ***', 'Sat Mar 14 02:11:07 2026 - HARAKIRI !!! worker 2 status !!!', 'Sat Mar 14 02:11:08 2026 - DAMN ! worker 2 (pid: 44) died, killed by signal 9 :( trying respawn ...'),
  'http.server': sample('server.log', '127.0.0.1 - - [14/Mar/2026 02:11:07] Request timed out: TimeoutError(\'timed out\')'),
  uvicorn: sample('uvicorn.log', 'INFO:     Started server process [7]', 'ERROR:    Cancel 1 running task(s), timeout graceful shutdown exceeded'),
  'next-hop': sample('upstream.txt', '   0.001 listening on 127.0.0.1:8080', '   0.412 #1 request GET /v2/convert', '   1.412 #1 peer left (FIN) after 1000 ms'),
  'network-state': sample('nft.txt', 'table inet filter {', '\tchain input {', '\t\ttcp dport 8080 counter packets 7 bytes 420 drop', '\t}', '}'),
  cgroup: sample('memory.events', 'low 0', 'high 0', 'max 41', 'oom 1', 'oom_kill 1'),
  'container-status': sample('describe.txt', '    Last State:     Terminated', '      Reason:       OOMKilled', '      Exit Code:    137'),
  'docker-events': sample('events.log', '2026-03-14T02:11:07.120000000Z container oom 4f1d0c (image=conv:1, name=conv)', '2026-03-14T02:11:07.420000000Z container die 4f1d0c (execDuration=31, exitCode=137, image=conv:1, name=conv)'),
  'cloud-json': sample('edge.json', '{"ClientRequestMethod":"GET","ClientRequestURI":"/v2/convert","EdgeResponseStatus":524,"OriginResponseStatus":0,"OriginResponseDurationMs":100012,"EdgeStartTimestamp":"2026-03-14T02:11:07Z","RayID":"8ab"}'),
  'node-crash': sample('console.log', "    throw new Error('boom')", '    ^', '', 'Error: boom', '    at Server.<anonymous> (/app/server.js:9:11)', '', 'Node.js v22.11.0'),
  traceback: sample('script.log', 'Traceback (most recent call last):', '  File "/srv/x.py", line 3, in <module>', '    raise ValueError("no")', 'ValueError: no'),
  app: sample('svc.log', 'time="2026-03-14T02:11:07Z" level=error msg="Python script execution failed" duration=10.004s error="context deadline exceeded" stderr=""'),
}

function sample(file: string, ...lines: string[]): { file: string; text: string } {
  return { file, text: `${lines.join('\n')}\n` }
}
