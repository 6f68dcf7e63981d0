import { differenceTexts } from '../../../shared/cases/difference-text.ts'
import { mostDifferences, type JsonDifference } from '../../../shared/cases/json-diff.ts'
import { visibleText } from '../../../shared/text/visible-text.ts'

const mostValue = 200
const words = { changed: 'differs', missing: 'missing', extra: 'not expected' } as const

/** Where the output is not what was expected: place, expected, got. */
export function DiffList({ differences }: { differences: readonly JsonDifference[] }) {
  return (
    <div className="diff">
      <table>
        <thead><tr><th scope="col">Where</th><th scope="col">Expected</th><th scope="col">Got</th></tr></thead>
        <tbody>
          {differences.map((difference) => {
            const { expected, actual } = differenceTexts(difference, mostValue)
            return <tr key={difference.path}>
              <th scope="row" className="mono"><span className="sr-only">{words[difference.kind]} </span>{visibleText(difference.path) || 'the whole output'}</th>
              <td className="mono diff-expected">{expected}</td><td className="mono diff-got">{actual}</td>
            </tr>
          })}
        </tbody>
      </table>
      {differences.length >= mostDifferences ? <p className="dim">and more</p> : null}
    </div>
  )
}
