import { useDiagnose } from '../../state/diagnose.ts'

/** The answer to what is on the desk. */
export function DiagnosisPane() {
  const diagnosis = useDiagnose((state) => state.result?.diagnosis ?? null)
  return diagnosis ? <section className="verdict" aria-label="Verdict"><h1>{diagnosis.verdict.headline}</h1></section> : null
}
