import { Command, CommanderError } from 'commander'
import { plainText } from '../../../shared/text/plain-text.ts'
import { outliveReaders } from './print.ts'
import { version } from './version.ts'
import { exitCodes, toErrorObject, toUsageError, UsageError } from './usage-error.ts'
import { whyNotWritten } from './write-result.ts'

/**
 * The command line. Each command lives in its own file and is loaded only when it is asked for: `run` must not pay for `serve`.
 * stdout is the result and nothing else; everything else goes to stderr.
 */
const program = new Command('cutoff').description('Finds what cut your request off.').version(await version(), '-V, --version').exitOverride().configureOutput({ writeOut: (text) => process.stdout.write(text), outputError: () => undefined })
const collect = (value: string, all: string[] = []) => [...all, value]

flowOptions(program.command('run').description('run a script through the flow and say what cut it').argument('<script>', 'the Python script')
  .option('--input <file|json>', 'the request: a JSON file or JSON itself'))
  .option('--repeat <n>', 'run it n times')
  .option('--concurrency <n>', 'the connector runs n scripts at once; the repeats arrive together and queue')
  .option('--dry-run', 'only say in which order the deadlines would fire, and what is odd about them')
  .option('--save <file>', 'write the whole run (of repeats the first), without secrets, to a file a colleague can open')
  .option('--with-secrets', 'do not redact what --save writes')
  .option('--json', 'print one JSON object')
  .action(async (script: string, options) => (await import('./run.ts')).runCommand(script, options))
flowOptions(program.command('cases').description('run the cases of a script: each input through the flow, its output held against what is expected').argument('<script>', 'the Python script')
  .option('--file <file>', 'cases from this file; those kept on the screen unless given')
  .option('--case <name>', 'only this case', collect))
  .option('--export <file>', 'write the cases to a file for --file, or - for stdout, and run nothing')
  .option('--json', 'print one JSON object')
  .action(async (script: string, options) => (await import('./cases.ts')).casesCommand(script, options))
program.command('serve').description('serve the screen to a browser on this machine').option('--port <n>', 'port; random unless given').option('--no-open', 'do not open a browser').option('--json', 'errors as JSON')
  .action(async (options) => (await import('./serve.ts')).serveCommand(options))
program.command('doctor').description('check what this machine offers and limits').option('--json', 'print one JSON object').option('--python <path>', 'the interpreter')
  .action(async (options) => done(await (await import('./doctor.ts')).doctorCommand(options)))
program.command('limits').description('list every limit, fault and profile').option('--json', 'print one JSON object')
  .action(async (options) => done(await (await import('./limits.ts')).limitsCommand(options)))
program.command('history').description('list the runs that were kept').option('--search <text>', 'only runs that mention this').option('--limit <n>', 'at most this many', '50').option('--json', 'print one JSON object')
  .action(async (options) => done(await (await import('./history.ts')).historyCommand(options)))
program.command('show').description('show a kept run again, or one from a file').argument('<id|file>').option('--json', 'print one JSON object')
  .action(async (id: string, options) => done(await (await import('./history.ts')).showCommand(id, options)))
program.command('export').description('write a kept run, or one from a file, in another format').argument('<id|file>').requiredOption('--format <name>', 'json, har, trace, csv, html, speedscope or collapsed').option('--output <file>', 'file; stdout unless given').option('--with-secrets', 'do not redact').option('--json', 'errors as JSON')
  .action(async (id: string, options) => done(await (await import('./export.ts')).exportCommand(id, options)))
program.command('diagnose').description('read configurations and logs of a real system').argument('[paths...]', 'files, folders, or - for standard input').option('--saw <file>', 'what an observer saw: HAR, curl -v output, a pasted error, an observation; - for standard input', collect).option('--around <time>', 'only around this time').option('--request <id>', 'only this request id').option('--duration <time>', 'which deadlines a request that takes this long meets, such as 45s').option('--json', 'print one JSON object')
  .action(async (paths: string[], options) => done(await (await import('./diagnose.ts')).diagnoseCommand(paths, options)))

/** What the flow of a run is made of. */
function flowOptions(command: Command): Command {
  return command
    .option('--profile <name|file>', 'limits of a known system, or a YAML file')
    .option('--limit <id=value>', 'set one limit, such as client.total=500ms', collect)
    .option('--fault <spec>', 'inject a fault, such as network.reset@500ms', collect)
    .option('--proxy <list>', 'builtin, nginx or haproxy; several in a row with commas')
    .option('--python <path>', 'the interpreter')
    .option('--no-propagate-cancel', 'a client that leaves does not cancel the request')
    .option('--stacks <rate>', 'stack samples per second, 1 to 1000, or off')
    .option('--locals', 'record local variables of the innermost frames at the cut')
    .option('--allocations', 'trace memory allocations (slow)')
}

const wantsJson = process.argv.includes('--json')
outliveReaders((error) => {
  process.stderr.write(`cutoff: the result could not be written: ${whyNotWritten(error)}\n`)
  process.once('exit', () => done(exitCodes.internal))
})
try {
  await program.parseAsync()
} catch (error) {
  fail(error)
}

function done(code: number): void {
  process.exitCode = code
}

/** Usage errors exit 2, faults of ours 4; with `--json` both print an object on stdout. */
function fail(thrown: unknown): void {
  let error = toUsageError(thrown)
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return
    const [message = '', near] = error.message.replace(/^error: /, '').split(/\n\((?=Did you mean)/)
    // Called with nothing at all: the help stands there already.
    if (error.code === 'commander.help') return done(exitCodes.usage)
    error = new UsageError(error.code.replace('commander.', ''), message, { hint: near ? near.replace(/^D/, 'd').replace(/\)$/, '') : 'cutoff --help lists commands and options' })
  }
  const object = toErrorObject(error)
  process.exitCode = error instanceof UsageError ? exitCodes.usage : exitCodes.internal
  if (process.env.CUTOFF_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  if (wantsJson) process.stdout.write(`${JSON.stringify(object)}\n`)
  // Names from files that others wrote may stand in it.
  else process.stderr.write(plainText(`cutoff: ${object.message}${object.where ? ` (${object.where})` : ''}\n${object.hint ? `  ${object.hint}\n` : ''}`))
}
