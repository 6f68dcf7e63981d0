import type { LayerId } from '../../../flow/layers.ts'
import type { Cause } from '../../../verdict/causes.ts'
import type { Counts } from '../../diagnosis.ts'

/** What an argument of a Python call limits. */
export interface Kind { layer: LayerId; product: string; cause: Cause | null; counts: Counts; meaning: string; alsoCauses?: Cause[] }
/** Arguments of calls, by keyword and by place; source: each library's documentation. Values are seconds. */
export interface CallRule { call: RegExp; keywords: Record<string, Kind>; positional?: { index: number; kind: Kind; name: string } }

const read = (product: string): Kind => ({ layer: 'client', product, cause: 'client.first_byte', alsoCauses: ['client.read', 'client.connect', 'proxy.read'], counts: 'wait', meaning: 'For connecting, and for each wait for data; not for the whole call.' })
const connect = (product: string, meaning = 'For connecting.'): Kind => ({ layer: 'client', product, cause: 'client.connect', alsoCauses: ['proxy.connect'], counts: 'connect', meaning })
const whole = (product: string, meaning = 'For the whole call.'): Kind => ({ layer: 'client', product, cause: 'client.total', alsoCauses: ['proxy.read'], counts: 'total', meaning })
const child: Kind = { layer: 'connector', product: 'Python', cause: 'connector.python', alsoCauses: ['script.exception'], counts: 'total', meaning: 'The child is killed and TimeoutExpired raised when it passes.' }
const alarm: Kind = { layer: 'wrapper', product: 'Python', cause: 'wrapper.timeout', counts: 'total', meaning: 'SIGALRM when it passes.' }
const idle = (product: string): Kind => ({ layer: 'gateway', product, cause: 'gateway.idle', counts: 'idle', meaning: 'How long an idle kept-alive connection waits for its next request.' })
const stop = (product: string): Kind => ({ layer: 'gateway', product, cause: 'gateway.stopped', counts: 'stop', meaning: 'After a stop, what still runs is ended when it passes.' })
const task: Kind = { layer: 'wrapper', product: 'Celery', cause: 'wrapper.timeout', counts: 'total', meaning: 'The task is ended when it passes.' }

/** requests' own half of a pair, `(connect, read)`. */
export const connectHalf = (kind: Kind): Kind => connect(kind.product)

export const callRules: readonly CallRule[] = [
  { call: /^requests(?:\.Session\(\))?\.(?:get|post|put|patch|delete|head|options|request|send)$/, keywords: { timeout: read('requests') } },
  { call: /^httpx(?:\.Client\(\)|\.AsyncClient\(\))?\.(?:get|post|put|patch|delete|head|options|request|stream|send|Client|AsyncClient)$/, keywords: { timeout: read('httpx') } },
  { call: /^httpx\.Timeout$/, keywords: { timeout: read('httpx'), connect: connect('httpx'), read: read('httpx'), pool: connect('httpx', 'For a connection of the client’s own pool.'), write: { ...whole('httpx', 'Longest wait for the server to take the request.'), counts: 'write' } }, positional: { index: 0, name: 'timeout', kind: read('httpx') } },
  { call: /^aiohttp\.ClientTimeout$/, keywords: { total: whole('aiohttp'), sock_read: read('aiohttp'), sock_connect: connect('aiohttp'), connect: connect('aiohttp', 'For a connection, the wait for a free one included.') }, positional: { index: 0, name: 'total', kind: whole('aiohttp') } },
  { call: /^aiohttp\.ClientSession(?:\(\)\.(?:get|post|put|patch|delete|head|request|ws_connect))?$/, keywords: { timeout: whole('aiohttp') } },
  { call: /(?:^|\.)urlopen$/, keywords: { timeout: read('urllib') }, positional: { index: 2, name: 'timeout', kind: read('urllib') } },
  { call: /^urllib3\.(?:util\.)?(?:timeout\.)?Timeout$/, keywords: { connect: connect('urllib3'), read: read('urllib3'), total: whole('urllib3') } },
  { call: /^urllib3(?:\.PoolManager|\.HTTPS?ConnectionPool|\.PoolManager\(\)\.(?:request|urlopen))$/, keywords: { timeout: read('urllib3') } },
  { call: /(?:^|\.)HTTPS?Connection$/, keywords: { timeout: read('http.client') }, positional: { index: 2, name: 'timeout', kind: read('http.client') } },
  { call: /(?:^|\.)AsyncHTTPClient\(\)\.fetch$|(?:^|\.)HTTPRequest$/, keywords: { request_timeout: whole('tornado', 'For the whole call (20 s by default).'), connect_timeout: connect('tornado', 'For connecting (20 s by default).') } },
  { call: /^(?:botocore\.config\.|boto3\.)?Config$/, keywords: { connect_timeout: connect('boto3', 'For connecting (60 s by default).'), read_timeout: { ...read('boto3'), meaning: 'Longest wait for data (60 s by default).' } } },
  { call: /^asyncio\.wait_for$/, keywords: { timeout: whole('asyncio', 'For the awaited call.') }, positional: { index: 1, name: 'timeout', kind: whole('asyncio', 'For the awaited call.') } },
  { call: /^(?:asyncio\.timeout|async_timeout\.timeout|anyio\.(?:fail|move_on)_after|trio\.(?:fail|move_on)_after)$/, keywords: {}, positional: { index: 0, name: 'timeout', kind: whole('asyncio', 'For the block.') } },
  { call: /\.result$/, keywords: { timeout: whole('concurrent.futures', 'For the result; what works on it goes on.') } },
  { call: /^subprocess\.(?:run|call|check_call|check_output)$|(?:^|\.)communicate$|^subprocess\.Popen\(\)\.wait$|^(?:p|proc|process|child|popen|self\.proc|self\.process)\.wait$/, keywords: { timeout: child } },
  { call: /^socket\.setdefaulttimeout$|\.settimeout$/, keywords: {}, positional: { index: 0, name: 'timeout', kind: { ...read('socket'), meaning: 'For each wait of a socket.' } } },
  { call: /^socket\.create_connection$/, keywords: { timeout: connect('socket') }, positional: { index: 1, name: 'timeout', kind: connect('socket') } },
  { call: /^signal\.alarm$/, keywords: {}, positional: { index: 0, name: 'alarm', kind: alarm } },
  { call: /^signal\.setitimer$/, keywords: { seconds: alarm }, positional: { index: 1, name: 'setitimer', kind: alarm } },
  { call: /^uvicorn\.(?:run|Config)$/, keywords: { timeout_keep_alive: { ...idle('uvicorn'), meaning: 'How long an idle kept-alive connection waits for its next request (5 s by default).' }, timeout_graceful_shutdown: stop('uvicorn') } },
  { call: /^waitress\.serve$|^serve$/, keywords: { channel_timeout: { ...idle('waitress'), meaning: 'How long an idle connection stays open (120 s by default).' } } },
  { call: /^(?:aiohttp\.)?web\.(?:run_app|AppRunner)$/, keywords: { keepalive_timeout: idle('aiohttp'), shutdown_timeout: stop('aiohttp') } },
  { call: /(?:^|\.)(?:task|shared_task|apply_async)$/, keywords: { time_limit: task, soft_time_limit: { ...task, meaning: 'SoftTimeLimitExceeded is raised in the task when it passes.' } } },
]

/** Limits that are assignments; `alarm` in the sense of Celery's settings. */
export const settingRules: Record<string, Kind & { directive: string }> = {
  CELERY_TASK_TIME_LIMIT: { ...task, directive: 'task_time_limit' }, CELERYD_TASK_TIME_LIMIT: { ...task, directive: 'task_time_limit' }, task_time_limit: { ...task, directive: 'task_time_limit' },
  CELERY_TASK_SOFT_TIME_LIMIT: { ...task, directive: 'task_soft_time_limit' }, task_soft_time_limit: { ...task, directive: 'task_soft_time_limit' },
}

/** Limits that nobody wrote, and that surprise: null waits for ever. */
export const defaultRules: readonly { call: RegExp; product: string; seconds: number | null; meaning: string }[] = [
  { call: /^requests(?:\.Session\(\))?\.(?:get|post|put|patch|delete|head|request)$/, product: 'requests', seconds: null, meaning: 'Not given: it waits for ever.' },
  { call: /(?:^|\.)urlopen$/, product: 'urllib', seconds: null, meaning: 'Not given: it waits for ever.' },
  { call: /^httpx\.(?:get|post|put|patch|delete|head|request|stream|Client|AsyncClient)$/, product: 'httpx', seconds: 5, meaning: 'Not given: httpx gives up after 5 s without data.' },
  { call: /^aiohttp\.ClientSession$/, product: 'aiohttp', seconds: 300, meaning: 'Not given: aiohttp gives up after 5 min in all.' },
]
