import type { JsonValue } from '../run/plan.ts'

/** A script the app ships, with an input that shows what it is for. The text is the file of that name in this folder. */
export interface Sample {
  id: string
  /** Its file in this folder. */
  file: string
  /** Named after the surprise. */
  title: string
  /** The limit it shows; for scripts that end by themselves, how. */
  tag: string
  input: JsonValue
  /** Limits that bring the surprise about, as written on the command line; the profile's apply otherwise. */
  limits: Record<string, string>
}

/** The classic case first, then by what goes wrong. */
export const samples: readonly Sample[] = [
  {
    id: 'enrich-orders', file: 'enrich_orders.py', title: 'Dies after 500 ms, though every limit is 30 s', tag: 'client.total',
    input: { orders: [{ id: 1001, total: 129.9, currency: 'USD' }] }, limits: { 'client.total': '500ms' },
  },
  {
    id: 'two-second-delay', file: 'two_second_delay.py', title: 'The answer is ready, and nobody gets it', tag: 'gateway.write',
    input: { test: 'data' }, limits: { 'gateway.write': '500ms' },
  },
  {
    id: 'test-timeout-fix', file: 'test_timeout_fix.py', title: 'How far did it get before the cut?', tag: 'connector.python',
    input: { delay_seconds: 3, steps: 15 }, limits: { 'connector.python': '1s' },
  },
  {
    id: 'ignores-sigterm', file: 'ignores_sigterm.py', title: 'Asked to stop, it carries on', tag: 'wrapper.timeout',
    input: { seconds: 5 }, limits: { 'wrapper.timeout': '700ms' },
  },
  {
    id: 'burns-cpu', file: 'burns_cpu.py', title: 'Not waiting: computing all the time', tag: 'os.cpu_time',
    input: { below: 3_000_000 }, limits: { 'os.cpu_time': '1s' },
  },
  {
    id: 'eats-memory', file: 'eats_memory.py', title: 'MemoryError with plenty of memory free', tag: 'os.address_space',
    input: { block_mb: 16, blocks: 64 }, limits: { 'os.address_space': '512MB' },
  },
  {
    id: 'forks-children', file: 'forks_children.py', title: 'It returned, but its helpers live on', tag: 'leftovers',
    input: { seconds: 60 }, limits: {},
  },
  {
    id: 'floods-log', file: 'floods_log.py', title: 'A million lines nobody asked for', tag: 'log',
    input: { rows: 1_000_000 }, limits: {},
  },
  {
    id: 'raises-error', file: 'raises_error.py', title: 'Fails on the second record', tag: 'exception',
    input: { items: [{ sku: 'A-1', price: 119, vat: 0.19 }, { sku: 'A-2', price: 59 }] }, limits: {},
  },
  {
    id: 'returns-unserialisable', file: 'returns_unserialisable.py', title: 'Runs to its end, and returns what JSON cannot hold', tag: 'bad output',
    input: { orders: [{ id: 1001, due: '2024-05-31', tags: ['new', 'eu'] }] }, limits: {},
  },
  {
    id: 'test-simple-python', file: 'test_simple_python.py', title: 'Does Python run at all?', tag: 'completes',
    input: { test: 'simple' }, limits: {},
  },
  {
    id: 'test-python-execution', file: 'test_python_execution.py', title: 'A transform like most', tag: 'completes',
    input: { records: [{ id: 1, amount: 10.5 }, { id: 2 }, { id: 3, amount: 4.25 }] }, limits: {},
  },
]
