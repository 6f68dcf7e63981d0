import type { NamedKind } from './service-names.ts'

/** Settings that Spring and its gateway read; bare numbers are milliseconds (Spring Boot, "Converting Durations"). */
export const springNames: { path: RegExp; kind: NamedKind }[] = [
  { path: /^spring\.cloud\.gateway\..*response-?timeout$/i, kind: { product: 'Spring Cloud Gateway', layer: 'proxy', cause: 'proxy.read', counts: 'wait', meaning: 'For the whole answer of the service behind the gateway.' } },
  { path: /^spring\.cloud\.gateway\..*connect-?timeout$/i, kind: { product: 'Spring Cloud Gateway', layer: 'proxy', cause: 'proxy.connect', counts: 'connect', meaning: 'For connecting to the service behind the gateway.' } },
  { path: /^spring\.mvc\.async\.request-?timeout$/i, kind: { product: 'Spring', layer: 'gateway', cause: 'gateway.handler', counts: 'total', meaning: 'The limit on an asynchronous request: 503 when it passes.' } },
  { path: /^spring\.lifecycle\.timeout-?per-?shutdown-?phase$/i, kind: { product: 'Spring', layer: 'gateway', cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop, what still runs is ended when it passes.' } },
  { path: /^server\.(?:tomcat\.|undertow\.|jetty\.|netty\.)?connection-?(?:idle-?)?timeout$/i, kind: { product: 'Spring', layer: 'gateway', cause: 'gateway.read_header', alsoCauses: ['gateway.idle'], counts: 'request', meaning: 'How long the server waits for a request on an accepted connection.' } },
  { path: /^server\.(?:tomcat\.)?keep-?alive-?timeout$/i, kind: { product: 'Spring', layer: 'gateway', cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request.' } },
  { path: /(?:^|\.)(?:feign|openfeign)\..*read-?timeout$|^(?:ribbon|zuul\.host)\.(?:read-?timeout|socket-?timeout)/i, kind: { product: 'Spring', layer: 'client', cause: 'client.first_byte', alsoCauses: ['proxy.read', 'client.read'], counts: 'wait', meaning: 'Longest silence of the service that is called.' } },
  { path: /(?:^|\.)(?:feign|openfeign)\..*connect-?timeout$|^(?:ribbon|zuul\.host)\.connect-?timeout/i, kind: { product: 'Spring', layer: 'client', cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning: 'For connecting to the service that is called.' } },
  { path: /^resilience4j\.timelimiter\..*timeout-?duration$|^hystrix\..*timeout-?in-?milliseconds$/i, kind: { product: 'Spring', layer: 'gateway', cause: 'gateway.handler', alsoCauses: ['proxy.read', 'client.total'], counts: 'total', meaning: 'The limit on a wrapped call.' } },
]
