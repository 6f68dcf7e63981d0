import { killRounds } from './kill/rounds.ts'

/**
 * `node build/test-tools/kill-rounds.ts [ROUNDS] [SEED]`: kills a working engine ROUNDS times (50 unless given) and says what was lost,
 * what was left running and what lay around. Exits 0 when that is nothing. Needs `npm run build` once.
 */
const rounds = Number(process.argv[2] ?? 50)
const seed = Number(process.argv[3] ?? 1)
const report = await killRounds({ rounds, seed, say: (line) => process.stderr.write(`${line}\n`) })
for (const problem of report.problems) process.stdout.write(`${problem}\n`)
const { acknowledged: { drafts, saves, runs } } = report
process.stdout.write(`${report.rounds} kills, seed ${seed}: ${report.problems.length} problems; acknowledged ${drafts} drafts, ${saves} saves, ${runs} kept runs; last process gone after at most ${report.slowestEndMs.toFixed(0)} ms; slowest start ${report.slowestStartMs.toFixed(0)} ms\n`)
process.exitCode = report.problems.length === 0 ? 0 : 1
