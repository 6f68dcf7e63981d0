import { acts, type Sign } from '../logs/fact.ts'
import type { Cause } from '../../verdict/causes.ts'

/** What a Python process's standard error says about its end. The last exception is the one that ended it. */
interface Rule { pattern: RegExp; cause: Cause; means: string; confidence: number; orElse?: Cause[]; directive?: string }

const rules: Rule[] = [
  { pattern: /failed to map segment from shared object: Operation not permitted/, cause: 'script.import', means: 'a library lies where nothing may be executed (noexec)', confidence: 0.8, orElse: ['python.unusable'] },
  { pattern: /ImportError: .*failed to map segment from shared object/, cause: 'os.address_space', means: 'a library could not be mapped: the address space limit', confidence: 0.85, orElse: ['script.import'], directive: 'RLIMIT_AS' },
  { pattern: /failed to map segment from shared object|cannot allocate memory in static TLS/, cause: 'os.address_space', means: 'the interpreter could not even map its libraries: the address space limit is too small', confidence: 0.95, orElse: ['python.unusable'], directive: 'RLIMIT_AS' },
  { pattern: /cannot open shared object file: Error 24/, cause: 'os.open_files', means: 'the interpreter could not open its libraries: no descriptor was left', confidence: 0.95, orElse: ['python.unusable'], directive: 'RLIMIT_NOFILE' },
  { pattern: /error while loading shared libraries|version `GLIBC|bad ELF interpreter|Exec format error|No module named 'encodings'|init_fs_encoding|Fatal Python error: (?:init|Py_Initialize)/, cause: 'python.unusable', means: 'the interpreter does not work', confidence: 0.92 },
  { pattern: /can't open file '[^']*'|can't find '__main__' module|\[Errno 2\] No such file or directory: '[^']*\.py'$/, cause: 'script.not_accessible', means: 'the script’s file could not be opened', confidence: 0.95 },
  { pattern: /python3?(?:\.\d+)?'?: (?:command )?not found|env: ['‘“]?python[\d.]*['’”]?: No such file/, cause: 'python.not_found', means: 'no Python interpreter was found', confidence: 0.97 },
  { pattern: /(?:sh|bash|dash|ash|zsh).*: .*python[\d.]*: (?:Permission denied|cannot execute)/, cause: 'python.unusable', means: 'the interpreter could not be executed', confidence: 0.92 },
  { pattern: /Fatal Python error: (?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point)/, cause: 'script.crashed', means: 'the process crashed in native code', confidence: 0.97 },
  { pattern: /Software caused connection abort|ConnectionAbortedError/, cause: 'network.reset', means: 'the machine itself aborted the connection', confidence: 0.92 },
  { pattern: /BrokenProcessPool|A process in the process pool was terminated abruptly/, cause: 'os.oom_kill', means: 'a worker of the script’s process pool was killed: usually for its memory', confidence: 0.86, orElse: ['os.killed', 'script.crashed'] },
  { pattern: /(?:^|\n)(?:\w+\.)*_?(?:Array)?MemoryError\b|std::bad_alloc|Unable to allocate [\d.]+ [KMGT]iB|Cannot allocate memory|(?:^|\n)OSError: \[Errno 12\]/, cause: 'os.address_space', means: 'memory was refused to the process: its address space limit, or more than any machine has', confidence: 0.88, orElse: ['script.exception'], directive: 'RLIMIT_AS' },
  { pattern: /can't start new thread|pthread_create failed|OpenBLAS blas_thread_init|\[Errno 11\] Resource temporarily unavailable|BlockingIOError/, cause: 'os.processes', means: 'no further thread or process could be started', confidence: 0.8, orElse: ['os.address_space'], directive: 'RLIMIT_NPROC' },
  { pattern: /\[Errno 24\]|Too many open files/, cause: 'os.open_files', means: 'no file descriptor was left', confidence: 0.95, directive: 'RLIMIT_NOFILE' },
  { pattern: /\[Errno 28\]|No space left on device|database or disk is full|\bENOSPC\b/, cause: 'os.disk_full', means: 'the disk was full', confidence: 0.95 },
  { pattern: /\[Errno 122\]|Disk quota exceeded/, cause: 'os.disk_full', means: 'the disk quota was used up', confidence: 0.92 },
  { pattern: /\[Errno 27\]|File too large|File size limit exceeded/, cause: 'os.file_size', means: 'a file reached the size limit', confidence: 0.95, directive: 'RLIMIT_FSIZE' },
  { pattern: /CPU time limit exceeded/, cause: 'os.cpu_time', means: 'the CPU time limit was reached', confidence: 0.95, directive: 'RLIMIT_CPU' },
  { pattern: /CalledProcessError: .* died with <Signals\.SIGKILL: 9>/, cause: 'script.exception', means: 'a program that the script had started was killed by SIGKILL', confidence: 0.7, orElse: ['os.oom_kill', 'os.killed'] },
  { pattern: /(?:^|\n)(?:SyntaxError|IndentationError|TabError): /, cause: 'script.syntax', means: 'the script does not parse', confidence: 0.95 },
  { pattern: /(?:^|\n)(?:ModuleNotFoundError|ImportError): /, cause: 'script.import', means: 'an import failed', confidence: 0.95 },
  { pattern: /(?:NameError: name 'transform' is not defined|AttributeError: module '[^']*' has no attribute 'transform'|has no (?:function )?transform\b)/, cause: 'script.no_transform', means: 'the script defines no transform()', confidence: 0.92 },
  { pattern: /Object of type \S+ is not JSON serializable/, cause: 'script.bad_output', means: 'transform() returned something that is no JSON', confidence: 0.85, orElse: ['script.exception'] },
  { pattern: /(?:^|\n)(?:PermissionError: \[Errno 13\] Permission denied: '[^']*\.py')/, cause: 'script.not_accessible', means: 'the script’s file may not be read', confidence: 0.8, orElse: ['script.exception'] },
  { pattern: /(?:^|\n)KeyboardInterrupt\b/, cause: 'os.killed', means: 'SIGINT interrupted the script', confidence: 0.75, orElse: ['connector.python', 'connector.context', 'client.canceled'] },
  { pattern: /(?:^|\n)BrokenPipeError: |Exception ignored in: .*(?:stdout|stderr)/, cause: 'script.exception', means: 'whoever reads the script’s output had gone', confidence: 0.75, orElse: ['script.bad_output', 'script.exited'] },
  { pattern: /(?:^|\n)[A-Za-z_][\w.]*(?:Error|Exception|Warning|Exit|Expired|Timeout|Interrupt|Iteration|Group|Refused|Failed|Denied|Found)\b(?::|\s*$)|Traceback \(most recent call last\)/, cause: 'script.exception', means: 'an exception ended the script', confidence: 0.95 },
]

/** The last file of a traceback is none: `eval`, `exec`, `ast.parse`. */
const madeUp = /File "<[^"\n]{1,60}>", line \d+[^\n]*\n(?:[^\n]*\n){0,3}(?:SyntaxError|IndentationError|TabError): [^\n]*\s*$/

/** The sign of a process's standard error; null if it says nothing about an end. */
export function pythonErrorSign(stderr: string): Sign | null {
  const all = stderr.slice(-16_384)
  const text = lastException(all)
  const sign = signIn(text)
  if (sign?.cause === 'script.syntax' && madeUp.test(all)) return acts('script.exception', 'code that the script itself made up does not parse', { confidence: 0.9, product: 'Python' })
  return sign === null ? null : ofChild(all, text) ?? sign
}

/** "returned non-zero exit status 1": the script passes on that a child failed, and the child had said why before. */
function ofChild(all: string, last: string): Sign | null {
  if (!/CalledProcessError: .* returned non-zero exit status|ChildFailed|BrokenProcessPool/.test(last)) return null
  const before = all.slice(0, Math.max(0, all.lastIndexOf('Traceback (most recent call last)')))
  const sign = signIn(lastException(before))
  return sign?.cause.startsWith('os.') ? { ...sign, means: `a program that the script had started ended first: ${sign.means}`, confidence: Math.min(0.88, sign.confidence), orElse: ['script.exception', ...(sign.orElse ?? [])] } : null
}

function signIn(text: string): Sign | null {
  for (const rule of rules) {
    if (rule.pattern.test(text)) return acts(rule.cause, rule.means, { confidence: rule.confidence, directive: rule.directive ?? null, product: 'Python', ...(rule.orElse ? { orElse: rule.orElse } : {}) })
  }
  return null
}

/** "Exception ignored in: ..." is printed while objects are cleared away: it ends nothing. Kept where nothing else is there. */
function withoutIgnored(text: string): string {
  const at = text.indexOf('\nException ignored in: ')
  return at > 0 && /Traceback \(most recent call last\)/.test(text.slice(0, at)) ? text.slice(0, at) : text
}

/** Chained tracebacks: what stands after the last "Traceback" is the exception that got out. Text in front of it (a loader's message) is kept where there is no traceback. */
function lastException(whole: string): string {
  const text = withoutIgnored(whole)
  const at = text.lastIndexOf('Traceback (most recent call last)')
  if (at < 0 && !/\n +File "/.test(text)) return text
  // Frames quote source lines, which may name any exception: only unindented lines speak.
  return text.slice(Math.max(0, at)).split('\n').filter((line) => !/^\s/.test(line)).join('\n')
}
