import { differenceTexts } from '../../../shared/cases/difference-text.ts'
import { mostDifferences, type JsonDifference } from '../../../shared/cases/json-diff.ts'
import { formatMs } from '../../../shared/limits/units.ts'
import { counted } from '../../../shared/text/counted.ts'
import { plainText } from '../../../shared/text/plain-text.ts'
import type { CaseDone } from './cases.ts'
import type { Paint } from './colors.ts'

/** Differences told of one case; the JSON has them all. */
const mostTold = 20
const mostValue = 120

/** One case for people: what came of it, its name and time; under it why it did not pass. */
export function caseText({ name, state, differences, problem, record }: CaseDone, paint: Paint): string {
  const word = state === 'passed' ? paint.green('passed') : record?.outcome === 'cut' ? paint.red('cut   ') : paint.yellow('failed')
  const told = differences.slice(0, mostTold)
  const more = differences.length - told.length
  return [`${word}  ${paint.bold(plainText(name))}${record ? paint.dim(`  ${formatMs(record.elapsedMs)}, run ${record.id}`) : ''}`,
    ...problem === null ? [] : [`        ${plainText(problem)}`],
    ...told.map((difference) => `        ${differenceText(difference)}`),
    ...more > 0 ? [`        and ${more}${differences.length >= mostDifferences ? ' or more' : ''} other places`] : [], ''].join('\n')
}

/** The last line: how many passed, and whether all were run. */
export function casesSentence({ wanted, done, passed }: { wanted: number; done: number; passed: number }, paint: Paint): string {
  const sentence = `${passed} of ${counted(wanted, 'case')} passed${done < wanted ? `, stopped after ${done}` : ''}`
  return `\n${passed === wanted ? paint.green(sentence) : paint.bold(sentence)}\n`
}

function differenceText(difference: JsonDifference): string {
  const { expected, actual } = differenceTexts(difference, mostValue)
  return `${plainText(difference.path) || 'the whole output'}: expected ${plainText(expected)}, got ${plainText(actual)}`
}
