import { mostDifferences, type JsonDifference } from '../../../shared/cases/json-diff.ts'

const words = { changed: 'differs', missing: 'missing', extra: 'not expected' } as const

/** Where the output is not what was expected: place, expected, got. */
export function DiffList({ differences }: { differences: readonly JsonDifference[] }) {
  return (
    <div className="diff">
      <table>
        <thead><tr><th scope="col">Where</th><th scope="col">Expected</th><th scope="col">Got</th></tr></thead>
        <tbody>
          {differences.map((difference) => (
            <tr key={difference.path}>
              <th scope="row" className="mono"><span className="sr-only">{words[difference.kind]} </span>{difference.path || 'the whole output'}</th>
              <td className="mono diff-expected">{textOf(difference.expected)}</td><td className="mono diff-got">{textOf(difference.actual)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {differences.length >= mostDifferences ? <p className="dim">and more</p> : null}
    </div>
  )
}

function textOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}
