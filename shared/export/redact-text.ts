import { isSecretName } from './secret-names.ts'

export const redacted = '[redacted]'

/**
 * Takes secrets out of text as people and programs write it: headers, assignments (Python, JSON, environment, query strings), pairs, options
 * of a command, elements, credentials in URLs, and tokens known by their shape. What is left reads as before.
 */
export function redactText(text: string): string {
  return mayHoldSecret.test(text) ? steps.reduce((rest, step) => step(rest), text) : text
}

/** Most lines of a log hold nothing of the kind; one look for a part of every secret name and every shape tells. */
const mayHoldSecret = /pass|pwd|secret|token|key|auth|cred|cookie|session|jwt|csrf|xsrf|sig|dsn|otp|pin|cvv|cvc|ssn|iban|card.?number|salt|connection.?string|bearer|basic|_pw|:\/\/[^\s/]*@|\s-u\s|--(?:proxy-)?user|-----BEGIN|eyJ|AKIA|ASIA|gh[a-z]_|github_pat_|glpat-|xox|[spr]k[-_]|AIza|npm_|SG\./i

/** Colours of a terminal may stand around any word. */
const colour = String.raw`(?:\u001B\[[\d;]{0,16}m)`
/** A quote, also as JSON inside of JSON has it, however deep. */
const quote = String.raw`\\{0,8}["']`
const quoted = String.raw`"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'`
const headers = '(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|x-auth-token'
/** Looks for words without asking where they begin, which is far quicker. */
const anyHeader = new RegExp(headers, 'i')

/** `Authorization: Bearer abc`, `Cookie: a=b; c="d"`: up to the end of the line or of the quoted text. What is quoted within a header stands behind `=`. */
const headerLine = new RegExp([
  String.raw`(?:\b|(?<=${colour}))(${headers})((?:${quote})?${colour}{0,4}\s*(?:=>|[:=])\s*${colour}{0,4}(?:\[\s*)?(?:b(?=${quote}))?(?:${quote})?)`,
  String.raw`(?:(basic|bearer|digest|token|negotiate|aws4-hmac-sha256)\s+)?(?:[^\r\n"'\\]|(?<==)\\{0,8}"[^"\\\r\n]*\\{0,8}"|\\(?!\\{0,8}["']))+`,
].join(''), 'gi')

function redactHeaders(text: string): string {
  if (!anyHeader.test(text)) return text
  return text.replaceAll(headerLine, (_, name: string, between: string, scheme: string | undefined) => `${name}${between}${scheme ? `${scheme} ` : ''}${redacted}`)
}

/** `["Cookie", "sid=1"]`, `"Authorization", "abc"` in a list of raw headers: the text behind the name, unless that is a name itself. */
const headerPair = new RegExp(String.raw`((${quote})(?:${headers})\2\s{0,8},\s{0,8}b?(${quote}))(?![^\n"']{0,200}["']\s{0,8}:)[^\n]{0,2000}?(?<!\\)\3`, 'gi')
/** `{"name": "Cookie", "value": "sid=1"}`, as HAR and many logs have it. */
const namedValue = new RegExp(String.raw`((${quote})(?:name|key|header)\2\s{0,8}:\s{0,8}\2([\w.-]{1,80})\2\s{0,8},\s{0,8}\2value\2\s{0,8}:\s{0,8}\2)[^\n]{0,2000}?(?<!\\)\2`, 'gi')

function redactNamedPairs(text: string): string {
  const named = /["']value/i.test(text) ? text.replaceAll(namedValue, (whole: string, before: string, end: string, name: string) => (isSecretName(name) ? `${before}${redacted}${end}` : whole)) : text
  return anyHeader.test(named) ? named.replaceAll(headerPair, (_, before: string, __: string, end: string) => `${before}${redacted}${end}`) : named
}

/**
 * A name (perhaps as a subscript: `environ["X"] =`), then `=`, `:`, `:=` or `=>` (perhaps with a type before it, as in Python). A colour in
 * front belongs to the match: its `m` would begin the name.
 */
const assigned = new RegExp(String.raw`(${colour}?[A-Za-z_])([\w.-]{0,80})${colour}{0,4}(?:${quote})?\]?(?:\s{0,8}:\s{0,8}[A-Za-z_][\w.[\]| ]{0,40})?\s{0,8}(?:=>|(?<![=!<>])=(?!=)|:=?)\s{0,8}${colour}{0,4}`, 'g')
/** What stands behind: a quoted text, a list of them, or a word, perhaps with its scheme. */
const assignedValue = new RegExp([
  String.raw`[rbfu]{0,2}"""[^]{0,8000}?"""|[rbfu]{0,2}'''[^]{0,8000}?'''|[rbfu]{0,2}(?:${quoted})`,
  String.raw`(?<deep>\\{1,8}["'])[^\n]{0,2000}?(?<!\\)\k<deep>`,
  String.raw`\[\s{0,8}(?:${quoted})(?:\s{0,8},\s{0,8}(?:${quoted})){0,200}\s{0,8}\]`,
  String.raw`(?:(?:bearer|basic|digest|token) )?[^\s"',;&)}\]=\u001B][^\s"',;&)}\]\u001B]*`,
].join('|'), 'iy')

/** `name = value` where the name says that the value is secret. What stands behind any other name is looked at like the rest: it may be a text with assignments of its own. */
function redactAssignments(text: string): string {
  const parts: string[] = []
  let done = 0
  assigned.lastIndex = 0
  for (let match = assigned.exec(text); match; match = assigned.exec(text)) {
    const [whole, before = '', rest = ''] = match
    const valueAt = match.index + whole.length
    assigned.lastIndex = match.index + before.length + rest.length
    if (!isSecretName(`${before.at(-1) ?? ''}${rest}`)) continue
    assignedValue.lastIndex = valueAt
    const value = assignedValue.exec(text)?.[0]
    if (value === undefined || value.includes('[redacted') || isHarmless(value)) continue
    parts.push(text.slice(done, valueAt), redactedAs(value))
    done = assigned.lastIndex = valueAt + value.length
  }
  return done === 0 ? text : parts.join('') + text.slice(done)
}

/** Redacted, in the quotes or brackets of the value. */
function redactedAs(value: string): string {
  if (value.startsWith('[')) return `["${redacted}"]`
  const [start = '', end = ''] = /^[rbfu]{0,2}("""|'''|\\{0,8}["'])/i.exec(value) ?? []
  return `${start}${redacted}${end}`
}

/** `setdefault("API_KEY", "abc")`, `("Authorization", "abc")`: two texts in brackets of their own, the first a name. */
function redactPairs(text: string): string {
  return text.replaceAll(/\(\s{0,8}(["'])([\w.-]{1,80})\1\s{0,8},\s{0,8}(["'])([^"'\n]{1,2000})\3\s{0,8}\)/g, (whole: string, _quote: string, name: string, __: string, value: string) =>
    isSecretName(name) && !value.includes('[redacted') ? `${whole.slice(0, whole.lastIndexOf(value))}${redacted}${whole.slice(whole.lastIndexOf(value) + value.length)}` : whole)
}

/** `--password abc` and `-u bob:abc` of a command, `<password>abc</password>`, `?key=abc` of an address. */
function redactElsewhere(text: string): string {
  return text
    .replaceAll(/(?<=^|\s)(--?([a-z][\w-]{1,40})\s{1,8}["']?)[^\s"'-][^\s"']*/gi, (whole: string, before: string, name: string) => (isSecretName(name) ? `${before}${redacted}` : whole))
    .replaceAll(/(?<=^|\s)((?:-u|--user|--proxy-user)[ =]["']?(?!\d+:\d+\b)[^\s:"']{1,80}:)[^\s"']+/g, `$1${redacted}`)
    .replaceAll(/<([\w:.-]{1,60})>[^<\n]{1,2000}<\/\1>/g, (whole: string, name: string) => (isSecretName(name) ? `<${name}>${redacted}</${name}>` : whole))
    .replaceAll(/([?&](?:key|pass|sig)=)[^\s"'&#]+/gi, `$1${redacted}`)
}

/** Where a value comes from is no secret: `token = os.environ["TOKEN"]`, `password=None`, `key: read_key(`. */
function isHarmless(value: string): boolean {
  return /^(?:""|''|none|null|true|false|undefined|str|bytes|int|float|bool|any|optional\[.*|\[(?!.*["']\s*\]$)|\{|\w+\(.*|\w+\[.*|(?:self|os|settings|config|cfg|args|env|environ|request|options|params|kwargs)[.[].*)$/is.test(value)
}

const shapes: readonly [RegExp, string][] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, `-----BEGIN $1-----${redacted}-----END $1-----`],
  [/\b(bearer|basic)\s+[\w.~+/-]{8,}=*/gi, `$1 ${redacted}`],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"']{0,200}):[^\s/@"']{1,400}@/gi, `$1:${redacted}@`],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, redacted],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, redacted],
  [/\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[\w-]{16,}|AIza[\w-]{30,}|npm_\w{30,}|SG\.[\w-]{16,}\.[\w-]{16,})/g, redacted],
]

function redactShapes(text: string): string {
  return shapes.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), text)
}

const steps: readonly ((text: string) => string)[] = [redactHeaders, redactNamedPairs, redactAssignments, redactPairs, redactElsewhere, redactShapes]
