import type { JsonValue } from '../run/plan.ts'

/** A script the app ships, with an input that shows what it is for. The text is the file of that name in this folder. */
export interface Sample {
  id: string
  /** Its file in this folder. */
  file: string
  /** Named after the surprise. */
  title: string
  /** One sentence: what happens, and why it surprises. */
  about: string
  /** The limit or cause it shows; `none` where nothing is cut. */
  tag: string
  input: JsonValue
  /** Limits that bring the surprise about, as written on the command line; the profile's apply otherwise. */
  limits: Record<string, string>
}

/** The classic case first, then by what goes wrong. */
export const samples: readonly Sample[] = [
  {
    id: 'enrich-orders', file: 'enrich_orders.py', title: 'Cut at 500 ms', tag: 'client.total',
    about: 'The script sleeps 2 s, the client waits 500 ms, and every configured limit says 30 s or more.',
    input: { orders: [{ id: 1001, total: 129.9, currency: 'USD' }] }, limits: { 'client.total': '500ms' },
  },
  {
    id: 'two-second-delay', file: 'two_second_delay.py', title: 'Empty reply after 2 s', tag: 'gateway.write',
    about: 'The gateway’s write limit passes after 500 ms and nobody is told: the client gets the end of the connection when the handler ends.',
    input: { test: 'data' }, limits: { 'gateway.write': '500ms' },
  },
  {
    id: 'test-timeout-fix', file: 'test_timeout_fix.py', title: 'How far did it get?', tag: 'connector.python',
    about: 'It logs every step, so the log shows where the connector’s limit killed it.',
    input: { delay_seconds: 3, steps: 15 }, limits: { 'connector.python': '1s' },
  },
  {
    id: 'ignores-sigterm', file: 'ignores_sigterm.py', title: 'Asked to stop, it carries on', tag: 'wrapper.timeout',
    about: 'The wrapper asks with SIGTERM; the script swallows it and has to be killed a moment later.',
    input: { seconds: 5 }, limits: { 'wrapper.timeout': '700ms' },
  },
  {
    id: 'burns-cpu', file: 'burns_cpu.py', title: 'Not waiting: computing', tag: 'os.cpu_time',
    about: 'CPU time has a limit of its own, in whole seconds, and the kernel ends the process without a word.',
    input: { below: 3_000_000 }, limits: { 'os.cpu_time': '1s' },
  },
  {
    id: 'eats-memory', file: 'eats_memory.py', title: '512 MB is not what you think', tag: 'os.address_space',
    about: 'MemoryError with plenty of memory free: the cap counts what is reserved, Python itself and its libraries included.',
    input: { block_mb: 16, blocks: 64 }, limits: { 'os.address_space': '512MB' },
  },
  {
    id: 'raises-error', file: 'raises_error.py', title: 'Not a timeout at all', tag: 'script.exception',
    about: 'A KeyError in the second record. The client sees only status 500, the log tells the rest.',
    input: { items: [{ sku: 'A-1', price: 119, vat: 0.19 }, { sku: 'A-2', price: 59 }] }, limits: {},
  },
  {
    id: 'returns-unserialisable', file: 'returns_unserialisable.py', title: 'Ran to its end, for nothing', tag: 'script.bad_output',
    about: 'A date and a set are fine in Python and nothing in JSON: the work is done, the answer cannot be sent.',
    input: { orders: [{ id: 1001, due: '2024-05-31', tags: ['new', 'eu'] }] }, limits: {},
  },
  {
    id: 'forks-children', file: 'forks_children.py', title: 'It returned, its helpers live on', tag: 'none',
    about: 'Two processes outlive the script, one with its output still open. They are counted and ended; elsewhere they pile up.',
    input: { seconds: 60 }, limits: {},
  },
  {
    id: 'floods-log', file: 'floods_log.py', title: 'A million lines', tag: 'none',
    about: 'Forgotten debug output: most of the time goes into printing.',
    input: { rows: 1_000_000 }, limits: {},
  },
  {
    id: 'test-simple-python', file: 'test_simple_python.py', title: 'Does Python run at all?', tag: 'none',
    about: 'The simplest check: which Python runs the script, and does its answer come back.',
    input: { test: 'simple' }, limits: {},
  },
  {
    id: 'test-python-execution', file: 'test_python_execution.py', title: 'A transform like most', tag: 'none',
    about: 'Reads records, adds them up, complains about one on stderr, returns a dict.',
    input: { records: [{ id: 1, amount: 10.5 }, { id: 2 }, { id: 3, amount: 4.25 }] }, limits: {},
  },
]
