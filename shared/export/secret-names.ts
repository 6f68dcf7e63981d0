/**
 * Names whose values are secrets: headers, fields, variables, however they are written (`apiKey`, `API_KEY`, `api-key`).
 * A name counts when one of these is a run of whole words in it, so `monkey` and `author` do not.
 */
const secretWords = [
  'password', 'passwd', 'pwd', 'passphrase', 'pass phrase', 'secret', 'secrets', 'token', 'api key', 'apikey', 'access key', 'accesskey', 'private key', 'privatekey', 'secret key', 'signing key',
  'encryption key', 'master key', 'license key', 'auth', 'authorization', 'proxy authorization', 'authentication', 'bearer', 'credential', 'credentials', 'creds', 'cookie', 'cookies', 'set cookie',
  'session id', 'sessionid', 'session key', 'jwt', 'csrf', 'xsrf', 'signature', 'client secret', 'connection string', 'dsn', 'otp', 'pin', 'cvv', 'cvc', 'ssn', 'iban', 'card number', 'salt',
]
const pattern = new RegExp(`(?:^| )(?:${secretWords.join('|')})(?: |$)`)
/** Counts and settings about secrets are none: `token_count`, `max_tokens`, `auth_type`, `secret_name`. */
const harmlessEnding = / (?:count|limit|length|type|kind|size|name|url|uri|expires|expiry|expires in|timeout|ttl|enabled|required|scheme|method|status)$/

/** Does a value of this name look like a secret? */
export function isSecretName(name: string): boolean {
  const words = wordsOf(name)
  return pattern.test(words) && !harmlessEnding.test(words)
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
