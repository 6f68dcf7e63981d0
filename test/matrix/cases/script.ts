import type { MatrixCase } from '../case.ts'

export const scriptCases: MatrixCase[] = [
  { name: 'address space: MemoryError', cause: 'os.address_space', script: 'eats_memory.py' },
  { name: 'address space: thread stacks', cause: 'os.address_space', script: 'many_threads.py', limits: { 'os.address_space': '256MB' } },
  { name: 'CPU time: SIGXCPU', cause: 'os.cpu_time', script: 'burns_cpu.py', limits: { 'os.cpu_time': '1s' } },
  { name: 'CPU time: SIGXCPU ignored, SIGKILL a second later', cause: 'os.cpu_time', script: 'ignores_sigxcpu.py', limits: { 'os.cpu_time': '1s' } },
  { name: 'open files', cause: 'os.open_files', script: 'opens_files.py', limits: { 'os.open_files': '64' } },
  { name: 'open sockets', cause: 'os.open_files', script: 'opens_sockets.py', limits: { 'os.open_files': '64' } },
  { name: 'file size', cause: 'os.file_size', script: 'writes_file.py', limits: { 'os.file_size': '1MB' } },
  { name: 'file size, small cap', cause: 'os.file_size', script: 'writes_file.py', limits: { 'os.file_size': '64KB' } },
  { name: 'SIGKILL by somebody else', cause: 'os.killed', script: 'kills_itself.py' },
  { name: 'SIGTERM by somebody else', cause: 'os.killed', script: 'kills_itself.py', input: { signal: 'SIGTERM' } },
  { name: 'decoy: exit code 137 without a kill', cause: 'script.exited', script: 'exits.py', input: { code: 137 } },
  { name: 'sys.exit in transform', cause: 'script.exited', script: 'exits.py', input: { how: 'sys' } },
  { name: 'os._exit(0): no error, no answer', cause: 'script.exited', script: 'exits.py', input: { code: 0 } },
  { name: 'segfault', cause: 'script.crashed', script: 'crashes.py' },
  { name: 'abort', cause: 'script.crashed', script: 'crashes.py', input: { how: 'abort' } },
  { name: 'exception', cause: 'script.exception', script: 'raises.py', input: {} },
  { name: 'decoy: an exception that says "timed out after 500ms"', cause: 'script.exception', script: 'raises_timeout.py', limits: { 'client.total': '5s' } },
  { name: 'NaN', cause: 'script.bad_output', script: 'bad_output.py', input: { how: 'nan' } },
  { name: 'a set', cause: 'script.bad_output', script: 'bad_output.py' },
  { name: 'a value that contains itself', cause: 'script.bad_output', script: 'bad_output.py', input: { how: 'cycle' } },
  { name: 'syntax', cause: 'script.syntax', script: 'syntax_error.py' },
  { name: 'tabs and spaces', cause: 'script.syntax', script: 'mixed_tabs.py' },
  { name: 'no transform', cause: 'script.no_transform', script: 'no_transform.py' },
  { name: 'transform without an argument', cause: 'script.no_transform', script: 'wrong_signature.py' },
  { name: 'missing module', cause: 'script.import', script: 'missing_module.py' },
  { name: 'error at the top level', cause: 'script.import', script: 'import_raises.py' },
]

/** Runs in which nothing was cut, whatever it looks like. */
export const quietCases: MatrixCase[] = [
  { name: 'no limit near', cause: 'none', script: 'quick.py' },
  { name: 'slow, but within every limit', cause: 'none', script: 'sleeps.py', input: { seconds: 0.4 }, limits: { 'client.total': '2s' } },
  { name: 'decoy: finished just before the limit', cause: 'none', script: 'sleeps.py', input: { seconds: 0.3 }, limits: { 'client.total': '1500ms' } },
  { name: 'decoy: MemoryError caught by the script', cause: 'none', script: 'catches_memory_error.py' },
  { name: 'decoy: grandchild keeps the pipe', cause: 'none', script: 'grandchild_holds_pipe.py' },
  { name: 'decoy: ReadTimeout passes while the script runs', cause: 'none', script: 'sleeps.py', input: { seconds: 0.6 }, limits: { 'gateway.read': '200ms', 'gateway.read_header': '100ms' } },
  { name: 'decoy: a limit of a proxy that is not there', cause: 'none', script: 'sleeps.py', input: { seconds: 0.4 }, limits: { 'proxy.read': '100ms' } },
  { name: 'latency that everybody can bear', cause: 'none', script: 'quick.py', faults: ['network.latency=50ms±10ms'], limits: { 'client.total': '2s' } },
  { name: 'slow exit after the answer', cause: 'none', script: 'exit_after_result.py', limits: { 'client.total': '2s' } },
]
