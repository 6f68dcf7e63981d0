/** One limit that a file sets: directive, ms (null = switched off or no time), line, and what else is to be checked. */
export type Expected = [directive: string, valueMs: number | null, line: number | null, more?: { enforced?: boolean; layer?: string; product?: string; scope?: string; isDefault?: boolean; cause?: string }]

export interface ConfigSample { file: string; text: string; limits: Expected[] }

/** A file per reader, with what its product’s documentation says of every setting in it: values, units, inheritance, place. */
export const configSamples: Record<string, ConfigSample> = {
  nginx: {
    file: 'nginx.conf',
    text: 'events {}\nhttp {\n  keepalive_timeout 75s 60s;\n  proxy_connect_timeout "1s 500ms";\n  client_body_timeout 2m;\n  server {\n    listen 80;\n    proxy_read_timeout 500;\n    location / {\n      proxy_pass http://b;\n    }\n    location /slow {\n      proxy_pass http://b;\n      proxy_read_timeout 1h30m;\n      proxy_send_timeout 0;\n    }\n  }\n}\n',
    limits: [['proxy_connect_timeout', 1500, 4], ['client_body_timeout', 120_000, 5], ['proxy_read_timeout', 500_000, 8], ['proxy_read_timeout', 5_400_000, 14], ['keepalive_timeout', 75_000, 3]],
  },
  haproxy: {
    file: 'haproxy.cfg',
    text: 'defaults\n  mode http\n  timeout connect 5s\n  timeout client 30\n  timeout server 50000\n  retries 3\nfrontend fe\n  bind :80\n  timeout http-request 2m\n  default_backend be\nbackend be\n  timeout server 1500us\n  timeout queue 1h\n  server s1 127.0.0.1:8080 check\n',
    limits: [['timeout connect', 5000, 3], ['timeout client', 30, 4], ['timeout http-request', 120_000, 9], ['timeout server', 1.5, 12], ['timeout queue', 3_600_000, 13]],
  },
  apache: {
    file: 'apache2.conf',
    text: 'Timeout 300\nKeepAliveTimeout 5\n<VirtualHost *:80>\n  ServerName x\n  ProxyTimeout 20\n  ProxyPass /api http://10.0.0.1:8080/ timeout=7 connectiontimeout=500ms\n  RequestReadTimeout header=20-40,MinRate=500 body=10\n  CGIDScriptTimeout 15s\n</VirtualHost>\n',
    limits: [['Timeout', 300_000, 1], ['KeepAliveTimeout', 5000, 2], ['ProxyTimeout', 20_000, 5], ['ProxyPass timeout', 7000, 6], ['ProxyPass connectiontimeout', 500, 6], ['RequestReadTimeout', 20_000, 7], ['RequestReadTimeout', 10_000, 7], ['CGIDScriptTimeout', 15_000, 8]],
  },
  caddyfile: {
    file: 'Caddyfile',
    text: '{\n\tservers {\n\t\ttimeouts {\n\t\t\tread_body 10s\n\t\t\tread_header 5s\n\t\t\twrite 1m\n\t\t\tidle 2m30s\n\t\t}\n\t}\n}\nexample.com {\n\treverse_proxy 10.0.0.1:8080 {\n\t\ttransport http {\n\t\t\tdial_timeout 500ms\n\t\t\tresponse_header_timeout 1.5s\n\t\t}\n\t}\n}\n',
    limits: [['read_body', 10_000, 4], ['read_header', 5000, 5], ['write', 60_000, 6], ['idle', 150_000, 7], ['dial_timeout', 500, 14], ['response_header_timeout', 1500, 15]],
  },
  'caddy-json': {
    file: 'caddy.json',
    text: '{"apps": {"http": {"servers": {"s": {\n "read_timeout": "10s",\n "idle_timeout": 150000000000,\n "routes": [{"handle": [{"handler": "reverse_proxy",\n  "transport": {"protocol": "http", "dial_timeout": "2s",\n   "response_header_timeout": "30s"}}]}]}}}}}\n',
    limits: [['read_timeout', 10_000, 2], ['idle_timeout', 150_000, 3], ['dial_timeout', 2000, 5], ['response_header_timeout', 30_000, 6]],
  },
  vcl: {
    file: 'default.vcl',
    text: 'vcl 4.1;\nbackend default {\n  .host = "127.0.0.1";\n  .connect_timeout = 600ms;\n  .first_byte_timeout = 1m;\n}\nsub vcl_backend_fetch {\n  # set bereq.first_byte_timeout = 9s;\n  set bereq.between_bytes_timeout = 2.5s;\n}\n',
    limits: [['connect_timeout', 600, 4], ['first_byte_timeout', 60_000, 5], ['between_bytes_timeout', 2500, 9]],
  },
  lighttpd: {
    file: 'lighttpd.conf',
    text: 'server.modules = ( "mod_proxy" )\nserver.max-read-idle = 60\nserver.max-write-idle = 360\nproxy.server = ( "" => (( "host" => "10.0.0.1", "port" => 8080, "connect-timeout" => 3, "read-timeout" => 20 )))\n',
    limits: [['server.max-read-idle', 60_000, 2], ['server.max-write-idle', 360_000, 3], ['proxy.server connect-timeout', 3000, 4], ['proxy.server read-timeout', 20_000, 4]],
  },
  squid: { file: 'squid.conf', text: 'http_port 3128\nconnect_timeout 1 minute\nread_timeout 15 minutes\nrequest_timeout 30 seconds\nhttp_access allow all\n', limits: [['connect_timeout', 60_000, 2], ['read_timeout', 900_000, 3], ['request_timeout', 30_000, 4]] },
  stunnel: { file: 'stunnel.conf', text: 'foreground = yes\n[web]\naccept = 443\nconnect = 127.0.0.1:80\nTIMEOUTconnect = 10\nTIMEOUTidle = 43200\nTIMEOUTbusy = 300\n', limits: [['TIMEOUTconnect', 10_000, 5], ['TIMEOUTidle', 43_200_000, 6], ['TIMEOUTbusy', 300_000, 7]] },
  h2o: { file: 'h2o.conf', text: 'http1-request-timeout: 10\nproxy.timeout.io: 3000\nproxy.timeout.connect: 500\nhosts:\n  default:\n    paths:\n      /:\n        proxy.reverse.url: http://127.0.0.1:8080/\n', limits: [['http1-request-timeout', 10_000, 1], ['proxy.timeout.io', 3000, 2], ['proxy.timeout.connect', 500, 3]] },
  envoy: {
    file: 'envoy.yaml',
    text: 'static_resources:\n  listeners:\n  - filter_chains:\n    - filters:\n      - typed_config:\n          stream_idle_timeout: 300s\n          request_timeout: 0s\n          route_config:\n            virtual_hosts:\n            - routes:\n              - match: { prefix: / }\n                route: { cluster: c, timeout: 15s, retry_policy: { num_retries: 2, per_try_timeout: 2.5s } }\n  clusters:\n  - name: c\n    connect_timeout: 0.25s\n',
    limits: [['stream_idle_timeout', 300_000, 6], ['request_timeout', null, 7, { enforced: false }], ['route.timeout', 15_000, 12], ['per_try_timeout', 2500, 12], ['connect_timeout', 250, 15]],
  },
  kubernetes: {
    file: 'deploy.yaml',
    text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 45\n      containers:\n      - name: api\n        resources:\n          limits: { memory: 512Mi, cpu: 500m }\n        livenessProbe:\n          httpGet: { path: /healthz, port: 8080 }\n          timeoutSeconds: 1\n          periodSeconds: 10\n          failureThreshold: 3\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: api\n  annotations:\n    nginx.ingress.kubernetes.io/proxy-read-timeout: "120"\n    nginx.ingress.kubernetes.io/proxy-connect-timeout: "5"\n',
    limits: [['terminationGracePeriodSeconds', 45_000, 7], ['proxy-read-timeout', 120_000, 23], ['proxy-connect-timeout', 5000, 24], ['resources.limits.memory', null, 11]],
  },
  kong: { file: 'kong.yml', text: '_format_version: "3.0"\nservices:\n- name: api\n  url: http://api\n  connect_timeout: 2000\n  read_timeout: 45000\n  write_timeout: 60000\n', limits: [['connect_timeout', 2000, 5, { cause: 'proxy.connect' }], ['read_timeout', 45_000, 6, { cause: 'proxy.read' }], ['write_timeout', 60_000, 7]] },
  'helm-values': {
    file: 'values.yaml',
    text: 'controller:\n  config:\n    proxy-read-timeout: "120"\n    proxy-connect-timeout: "5"\n  service:\n    annotations:\n      service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout: "300"\n  resources:\n    limits:\n      memory: 512Mi\n  terminationGracePeriodSeconds: 300\n',
    limits: [['proxy-read-timeout', 120_000, 3], ['proxy-connect-timeout', 5000, 4], ['connection-idle-timeout', 300_000, 7], ['resources.limits.memory', null, 10], ['terminationGracePeriodSeconds', 300_000, 11]],
  },
  compose: { file: 'docker-compose.yml', text: 'services:\n  api:\n    image: api\n    command: gunicorn app:app --timeout 45\n    stop_grace_period: 1m30s\n    mem_limit: 512m\n    healthcheck:\n      test: curl -f http://localhost\n      timeout: 10s\n      interval: 30s\n', limits: [['--timeout', 45_000, 4], ['stop_grace_period', 90_000, 5], ['healthcheck.timeout', 10_000, 9]] },
  traefik: { file: 'traefik.yml', text: 'entryPoints:\n  web:\n    address: ":80"\n    transport:\n      respondingTimeouts:\n        readTimeout: 42\n        idleTimeout: 3m\n      lifeCycle:\n        graceTimeOut: 10s\nserversTransport:\n  forwardingTimeouts:\n    dialTimeout: 5s\n    responseHeaderTimeout: 20s\n', limits: [['respondingTimeouts.readTimeout', 42_000, 6], ['respondingTimeouts.idleTimeout', 180_000, 7], ['lifeCycle.graceTimeOut', 10_000, 9], ['forwardingTimeouts.dialTimeout', 5000, 12], ['forwardingTimeouts.responseHeaderTimeout', 20_000, 13]] },
  serverless: { file: 'serverless.yml', text: 'service: convert\nprovider:\n  name: aws\n  timeout: 10\n  memorySize: 512\nfunctions:\n  convert:\n    handler: h.main\n    timeout: 29\n    events:\n      - httpApi: { path: /convert, method: get, timeout: 20 }\n', limits: [['timeout', 29_000, 9]] },
  sam: { file: 'template.yaml', text: "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nGlobals:\n  Function:\n    Timeout: 3\nResources:\n  Convert:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: h.main\n      Timeout: 30\n      MemorySize: !Ref Size\n  Lb:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n    Properties:\n      LoadBalancerAttributes:\n        - Key: idle_timeout.timeout_seconds\n          Value: '120'\n", limits: [['Timeout', 30_000, 11]] },
  'app-engine': { file: 'app.yaml', text: 'runtime: python312\nentrypoint: gunicorn -b :$PORT --timeout 50 main:app\ninstance_class: F2\n', limits: [['--timeout', 50_000, 2]] },
  'azure-host': { file: 'host.json', text: '{\n  "version": "2.0",\n  "functionTimeout": "00:05:30",\n  "extensions": {}\n}\n', limits: [['functionTimeout', 330_000, 3]] },
  'uwsgi-config': { file: 'uwsgi.ini', text: '[uwsgi]\nhttp-socket = :8080\nharakiri = 30\nsocket-timeout = 10\nhttp-timeout = 60\n; harakiri = 5\n', limits: [['harakiri', 30_000, 3], ['socket-timeout', 10_000, 4], ['http-timeout', 60_000, 5]] },
  'package-json': { file: 'package.json', text: '{\n  "name": "x",\n  "scripts": {\n    "start": "gunicorn --timeout 22 app:app",\n    "probe": "curl --max-time 3 http://localhost"\n  }\n}\n', limits: [['--timeout', 22_000, 4], ['--max-time', 3000, 5]] },
  vercel: { file: 'vercel.json', text: '{\n  "functions": {\n    "api/*.js": { "maxDuration": 25 }\n  }\n}\n', limits: [['maxDuration', 25_000, 3]] },
  php: { file: 'www.conf', text: '[www]\npm = dynamic\nrequest_terminate_timeout = 2m\nrequest_slowlog_timeout = 5\nphp_admin_value[max_execution_time] = 60\nphp_value[default_socket_timeout] = 20\n', limits: [['request_terminate_timeout', 120_000, 3], ['request_slowlog_timeout', 5000, 4], ['max_execution_time', 60_000, 5], ['default_socket_timeout', 20_000, 6]] },
  systemd: { file: 'api.service', text: '[Unit]\nDescription=api\n[Service]\nExecStart=/usr/bin/gunicorn app:app --timeout 20\nTimeoutStopSec=15\nRuntimeMaxSec=1h\nWatchdogSec=30s\nMemoryMax=512M\n', limits: [['TimeoutStopSec', 15_000, 5], ['RuntimeMaxSec', 3_600_000, 6], ['WatchdogSec', 30_000, 7], ['--timeout', 20_000, 4]] },
  'gunicorn-config': { file: 'gunicorn.conf.py', text: "bind = '0.0.0.0:8000'\nworkers = 4\ntimeout = 120\ngraceful_timeout = 30\nkeepalive = 5\n", limits: [['--timeout', 120_000, 3], ['--graceful-timeout', 30_000, 4], ['--keep-alive', 5000, 5]] },
  procfile: { file: 'Procfile', text: 'web: gunicorn app:app --timeout 45 --keep-alive 5\nworker: timeout 5m python worker.py\n', limits: [['--timeout', 45_000, 1], ['--keep-alive', 5000, 1], ['timeout', 300_000, 2]] },
  'go-source': { file: 'main.go', text: 'package main\n\nimport (\n\t"context"\n\t"net/http"\n\t"time"\n)\n\nconst limit = 5 * time.Second\n\nfunc main() {\n\tsrv := &http.Server{\n\t\tReadTimeout: 10 * time.Second,\n\t\tWriteTimeout: 1500 * time.Millisecond,\n\t\tIdleTimeout: 2 * time.Minute,\n\t}\n\tclient := &http.Client{Timeout: 30}\n\tctx, cancel := context.WithTimeout(context.Background(), limit)\n\tdefer cancel()\n\t_ = client\n\t_ = ctx\n\tsrv.ListenAndServe()\n}\n', limits: [['ReadTimeout', 10_000, 13], ['WriteTimeout', 1500, 14], ['IdleTimeout', 120_000, 15], ['http.Client.Timeout', 0.000_03, 17], ['context.WithTimeout', 5000, 18]] },
  'node-source': { file: 'server.js', text: "import http from 'node:http'\nimport axios from 'axios'\nconst server = http.createServer(handler)\nserver.requestTimeout = 30_000\nserver.headersTimeout = 60 * 1000\nserver.keepAliveTimeout = 5000\nawait axios.get('http://api', { timeout: 8000 })\nawait fetch('http://api', { signal: AbortSignal.timeout(2500) })\n", limits: [['server.requestTimeout', 30_000, 4], ['server.headersTimeout', 60_000, 5], ['server.keepAliveTimeout', 5000, 6], ['timeout', 8000, 7], ['AbortSignal.timeout', 2500, 8]] },
  'python-source': { file: 'client.py', text: "import requests, httpx, aiohttp, subprocess\n\nrequests.get('http://api', timeout=(3.05, 27))\nhttpx.Client(timeout=httpx.Timeout(10.0, connect=2))\naiohttp.ClientTimeout(total=60, sock_read=5)\nsubprocess.run(['python3', 'x.py'], timeout=0.5)\n", limits: [['timeout', 3050, 3], ['timeout', 27_000, 3], ['timeout', 500, 6]] },
  shell: { file: 'run.sh', text: '#!/bin/sh\ncurl --connect-timeout 2 -m 10 http://api/\ncurl --max-time 0.5 http://api/\ntimeout 30s python3 convert.py\nulimit -t 10\n', limits: [['--connect-timeout', 2000, 2], ['--max-time', 10_000, 2], ['--max-time', 500, 3], ['timeout', 30_000, 4]] },
  env: { file: '.env', text: 'PORT=8080\nREQUEST_TIMEOUT_MS=1500\nHTTP_TIMEOUT=30s\n# OLD_TIMEOUT=5\nexport GUNICORN_CMD_ARGS="--timeout 90"\n', limits: [['REQUEST_TIMEOUT_MS', 1500, 2], ['HTTP_TIMEOUT', 30_000, 3], ['--timeout', 90_000, 5]] },
  'service-config': { file: 'config.yaml', text: 'server:\n  port: 8080\n  read_timeout: 30s\n  write_timeout: 30000000000\npython:\n  script_path: /srv/x.py\n  timeout: 500ms\n', limits: [['server.read_timeout', 30_000, 3], ['server.write_timeout', 30_000, 4], ['python.timeout', 500, 7]] },
}
