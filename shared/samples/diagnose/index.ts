/** A file of the example, and what the desk calls it. */
export interface ExampleFile { file: string; name: string }

/** In the order in which a request meets them. */
export const exampleFiles: readonly ExampleFile[] = [
  { file: 'haproxy.cfg', name: 'haproxy.cfg' },
  { file: 'haproxy.txt', name: 'haproxy.log' },
  { file: 'nginx.conf', name: 'nginx.conf' },
  { file: 'nginx-access.txt', name: 'nginx-access.log' },
  { file: 'nginx-error.txt', name: 'nginx-error.log' },
  { file: 'gateway.txt', name: 'gateway.log' },
]
