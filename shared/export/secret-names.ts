/**
 * Names whose values are secrets: headers, fields, variables, however they are written (`apiKey`, `API_KEY`, `api-key`).
 * A name counts when one of these is a run of whole words in it, so `monkey` and `author` do not.
 */
export const secretWords = [
  'password', 'passwd', 'pwd', 'passphrase', 'pass phrase', 'secret', 'secrets', 'token', 'api key', 'apikey', 'access key', 'accesskey', 'private key', 'privatekey', 'secret key', 'signing key',
  'encryption key', 'master key', 'license key', 'auth', 'authorization', 'proxy authorization', 'authentication', 'bearer', 'credential', 'credentials', 'creds', 'cookie', 'cookies', 'set cookie',
  'session id', 'sessionid', 'session key', 'jwt', 'csrf', 'xsrf', 'signature', 'client secret', 'connection string', 'dsn', 'otp', 'pin', 'cvv', 'cvc', 'ssn', 'iban', 'card number', 'salt',
  'passwords', 'passcode', 'api keys', 'access keys', 'private keys', 'secret keys', 'access tokens', 'refresh tokens', 'auth tokens', 'account key', 'app key', 'application key', 'auth key', 'consumer key',
  'functions key', 'hmac key', 'server key', 'service key', 'shared key', 'ssh key', 'storage key', 'subscription key', 'webhook key', '(?:admin|db|mail|root|smtp|user) pass',
  String.raw`\w+(?:password|passwd|passphrase|apikey|accesstoken|authtoken|clientsecret)`, 'sshpass',
]
const pattern = new RegExp(`(?:^| )(?:${secretWords.join('|')})(?: |$)`)
/** Counts and settings about secrets are none: `token_count`, `max_tokens`, `auth_type`, `secret_name`. */
const harmlessEnding = / (?:count|limit|length|type|kind|size|name|url|uri|expires|expiry|expires in|timeout|ttl|enabled|required|scheme|method|status)$/
/** Variables of an environment that end like a key are taken for one, whoever's it is (`STRIPE_KEY`, `SMTP_PASS`), and so are headers (`X-Functions-Key`). */
const keyLike = /^(?:[A-Z][A-Z0-9_]*_(?:KEYS?|PASS|PW)|[xX]-[\w-]+-[kK][eE][yY])$/
/** Keys that find things and open nothing. */
const harmlessKey = /(?:^|[_-])(?:public|primary|foreign|unique|sort|partition|range|routing|row|hash|group|cache|index|lookup|object|idempotency)[_-]keys?$/i

/** A log says the same names over and over: what was found out of them, at most so many. */
const judged = new Map<string, boolean>()
const mostJudged = 1000

/** Does a value of this name look like a secret? */
export function isSecretName(name: string): boolean {
  const before = judged.get(name)
  if (before !== undefined) return before
  const isSecret = judge(name)
  if (judged.size >= mostJudged) judged.clear()
  judged.set(name, isSecret)
  return isSecret
}

function judge(name: string): boolean {
  const words = wordsOf(name)
  if (pattern.test(words)) return !harmlessEnding.test(words)
  return keyLike.test(name) && !harmlessKey.test(name)
}

/** `apiKey`, `API_KEY` and `x-api-key` become `api key`, `api key` and `x api key`. */
function wordsOf(name: string): string {
  return name
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()
}
