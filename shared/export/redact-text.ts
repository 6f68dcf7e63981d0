import { isSecretName } from './secret-names.ts'

export const redacted = '[redacted]'

/**
 * Takes secrets out of text as people and programs write it: headers, assignments (Python, JSON, environment, query strings),
 * credentials in URLs, and tokens known by their shape. What is left reads as before.
 */
export function redactText(text: string): string {
  if (!mayHoldSecret.test(text)) return text
  return shapes.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), redactPairs(redactAssignments(redactHeaders(text))))
}

/** Most lines of a log hold nothing of the kind; one look tells. */
const mayHoldSecret = /[=:]|\(\s?["']|bearer|basic|cookie|-----BEGIN|eyJ|AKIA|ASIA|gh[a-z]_|github_pat_|glpat-|xox|sk[-_]|AIza|npm_|SG\./i

/** `Authorization: Bearer abc`, `Cookie: a=b; c=d`: everything up to the end of the line or of the quoted text. */
function redactHeaders(text: string): string {
  return text.replaceAll(/\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-auth-token)(["']?\s*[:=]\s*["']?)(?:(basic|bearer|digest|token|negotiate|aws4-hmac-sha256)\s+)?[^\r\n"']+/gi,
    (_, name: string, between: string, scheme: string | undefined) => `${name}${between}${scheme ? `${scheme} ` : ''}${redacted}`)
}

/** `name = value` where the name says that the value is secret. */
function redactAssignments(text: string): string {
  return text.replaceAll(assignment, (whole, name: string, between: string, value: string) => {
    if (!isSecretName(name) || value.includes('[redacted') || isHarmless(value)) return whole
    const quote = /^(?:[rbfu]{0,2})(["'])/i.exec(value)
    return `${name}${between}${quote ? `${quote[0]}${redacted}${quote[1]}` : redacted}`
  })
}

/** A name (perhaps as a subscript: `environ["X"] =`), then `=` or `:` (perhaps with a type before it, as in Python), then a quoted text or a word, perhaps with its scheme. */
const assignment = /([A-Za-z_][\w.-]{0,80})(["']?\]?(?:\s{0,8}:\s{0,8}[A-Za-z_][\w.[\]| ]{0,40})?\s{0,8}(?:(?<![=!<>])=(?!=)|:)\s{0,8})([rbfuRBFU]{0,2}"(?:[^"\\\n]|\\.)*"|[rbfuRBFU]{0,2}'(?:[^'\\\n]|\\.)*'|(?:(?:bearer|basic|digest|token) )?[^\s"',;&)}\]=][^\s"',;&)}\]]*)/gi

/** `setdefault("API_KEY", "abc")`, `("Authorization", "abc")`: two texts in brackets of their own, the first a name. */
function redactPairs(text: string): string {
  return text.replaceAll(/\(\s{0,8}(["'])([\w.-]{1,80})\1\s{0,8},\s{0,8}(["'])([^"'\n]{1,2000})\3\s{0,8}\)/g, (whole: string, _quote: string, name: string, __: string, value: string) =>
    isSecretName(name) && !value.includes('[redacted') ? `${whole.slice(0, whole.lastIndexOf(value))}${redacted}${whole.slice(whole.lastIndexOf(value) + value.length)}` : whole)
}

/** Where a value comes from is no secret: `token = os.environ["TOKEN"]`, `password=None`, `key: read_key(`. */
function isHarmless(value: string): boolean {
  return /^(?:""|''|none|null|true|false|undefined|str|bytes|int|float|bool|any|optional\[.*|\[|\{|\w+\(.*|\w+\[.*|(?:self|os|settings|config|cfg|args|env|environ|request|options|params|kwargs)[.[].*)$/is.test(value)
}

const shapes: readonly [RegExp, string][] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, `-----BEGIN $1-----${redacted}-----END $1-----`],
  [/\b(bearer|basic)\s+[\w.~+/-]{8,}=*/gi, `$1 ${redacted}`],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,200}):[^\s/@"']{1,400}@/gi, `$1:${redacted}@`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, redacted],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, redacted],
  [/\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[\w-]{16,}|AIza[\w-]{30,}|npm_\w{30,}|SG\.[\w-]{16,}\.[\w-]{16,})/g, redacted],
]
