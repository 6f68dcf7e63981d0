import { describe, expect, test } from 'vitest'
import { redactRun } from '../../../shared/export/redact-run.ts'
import { redactText } from '../../../shared/export/redact-text.ts'
import { isSecretName, secretWords } from '../../../shared/export/secret-names.ts'
import { inputFieldsOf, outputFieldsOf } from '../../../shared/run/exact-json.ts'
import type { RunEvent } from '../../../shared/run/event.ts'
import { parseSavedRun } from '../../../shared/export/import-run.ts'
import { sampledRun, savedRun } from './saved-runs.ts'

describe('a name', () => {
  test.each(['password', 'DB_PASSWORD', 'apiKey', 'API-KEY', 'x-api-key', 'Authorization', 'proxy_authorization', 'Cookie', 'set-cookie', 'accessToken', 'JWT', 'client_secret', 'AWSSecretAccessKey', 'sessionId', 'auth', 'db.passwd', 'STRIPE_SECRET', 'azureConnectionString', 'STRIPE_KEY', 'PGPASSWORD', 'SMTP_PASS', 'db_pass', 'X-Functions-Key', 'Ocp-Apim-Subscription-Key', 'api_keys'])('%s is one of a secret', (name) => {
    expect(isSecretName(name)).toBe(true)
  })
  test.each(['author', 'authors', 'key', 'monkey', 'tokens', 'max_tokens', 'token_count', 'currency', 'secretary', 'cookies_enabled', 'password_length', 'auth_type', 'token_url', 'pinned', 'spinner', 'input_data', 'session', 'PRIMARY_KEY', 'SORT_KEYS', 'sort_key', 'X-Idempotency-Key', 'pass'])('%s is none', (name) => {
    expect(isSecretName(name)).toBe(false)
  })
})

describe('text loses', () => {
  test.each([...secretWords.filter((word) => /^[a-z ]+$/.test(word)), 'smtp pass', 'pg password'])('the value of %s, however it is written', (words) => {
    for (const name of [words.replaceAll(' ', '_'), words.replaceAll(' ', '_').toUpperCase(), words.replaceAll(/ ([a-z])/g, (_, letter: string) => letter.toUpperCase())]) {
      expect(redactText(`${name}=abc`)).toBe(`${name}=[redacted]`)
    }
  })
  test.each([
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [redacted]'],
    ['authorization="Basic dXNlcjpwYXNz"', 'authorization="Basic [redacted]"'],
    ['> Cookie: sid=1234; theme=dark', '> Cookie: [redacted]'],
    ['Set-Cookie: sid=abc; HttpOnly', 'Set-Cookie: [redacted]'],
    ['API_KEY = "sk-live-51H8xkq2eZvKYlo2C"', 'API_KEY = "[redacted]"'],
    ["API_KEY: str = 'abc'", "API_KEY: str = '[redacted]'"],
    ["headers = {'X-Api-Key': 'k1', 'Accept': 'json'}", "headers = {'X-Api-Key': '[redacted]', 'Accept': 'json'}"],
    ['{"password":"hun\\"ter2","user":"a"}', '{"password":"[redacted]","user":"a"}'],
    ['login password=hunter2 user=bob', 'login password=[redacted] user=bob'],
    ['os.environ["X_TOKEN"] = "tok-1"', 'os.environ["X_TOKEN"] = "[redacted]"'],
    ["os.environ.setdefault('API_KEY', 'abc def')", "os.environ.setdefault('API_KEY', '[redacted]')"],
    ['headers.append(("Authorization", "Authorization"))', 'headers.append(("Authorization", "[redacted]"))'],
    ['GET /a?token=abc&x=1', 'GET /a?token=[redacted]&x=1'],
    ['postgres://bob:hunter2@db:5432/x', 'postgres://bob:[redacted]@db:5432/x'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_1', 'token [redacted]'],
    ['using AKIAIOSFODNN7EXAMPLE now', 'using [redacted] now'],
    ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', '[redacted]'],
    ['sk-proj-abcdefghijklmnop1234', '[redacted]'],
    ['curl -H "Authorization: Bearer secret" -d x', 'curl -H "Authorization: Bearer [redacted]" -d x'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----', '-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----'],
    ['Cookie: a="b"; session=c', 'Cookie: [redacted]'],
    ['Authorization: Digest username="bob", realm="x", response="6629"', 'Authorization: Digest [redacted]'],
    ['{"headers":{"set-cookie":["sid=1"],"accept":"x"}}', '{"headers":{"set-cookie":["[redacted]"],"accept":"x"}}'],
    ['[b"Set-Cookie", b"sid=1; Path=/"]', '[b"Set-Cookie", b"[redacted]"]'],
    ['["Host","a","Cookie","sid=1"]', '["Host","a","Cookie","[redacted]"]'],
    ['[{"name":"Authorization","value":"abc"}]', '[{"name":"Authorization","value":"[redacted]"}]'],
    ['{"sent":"{\\"password\\":\\"abc\\"}"}', '{"sent":"{\\"password\\":\\"[redacted]\\"}"}'],
    ['level=info msg="login password=hunter2 user=bob"', 'level=info msg="login password=[redacted] user=bob"'],
    ['login: password=hunter2', 'login: password=[redacted]'],
    ['url=https://h/?token=abc&x=1', 'url=https://h/?token=[redacted]&x=1'],
    ['GET /x?key=abc&sig=def&code=1', 'GET /x?key=[redacted]&sig=[redacted]&code=1'],
    ['{"api_key":["a","b"],"ok":1}', '{"api_key":["[redacted]"],"ok":1}'],
    ["private_key = '''abc\ndef'''", "private_key = '''[redacted]'''"],
    ["'password' => 'abc'", "'password' => '[redacted]'"],
    ['\u001B[31mpassword\u001B[0m=\u001B[32mabc\u001B[0m', '\u001B[31mpassword\u001B[0m=\u001B[32m[redacted]\u001B[0m'],
    ['\u001B[31mAuthorization\u001B[0m: abc', '\u001B[31mAuthorization\u001B[0m: [redacted]'],
    ['curl -u bob:abc --password def --token=ghi http://h/', 'curl -u bob:[redacted] --password [redacted] --token=[redacted] http://h/'],
    ['<password>abc</password>', '<password>[redacted]</password>'],
    ['-----BEGIN PRIVATE KEY-----\nMIIE cut off', '-----BEGIN PRIVATE KEY-----[redacted]-----END PRIVATE KEY-----'],
  ])('what is secret in %s', (text, expected) => {
    expect(redactText(text)).toBe(expected)
  })

  test.each([
    'Starting Python script execution script_path="/a/b.py" python_cmd="python3" timeout_seconds=65',
    'total limit reached, closing the connection limit="client.total" value="500ms"',
    'token = os.environ["TOKEN"]', 'password=None', 'auth = HTTPBasicAuth(user, pw)', 'api_key = settings.api_key', 'secret: str', 'if token == other:',
    'http://127.0.0.1:8080/transform', 'order 1001: 12.50 EUR', '', 'author="Bob"', 'key=value', 'C:\\Users\\bob', 'docker run -u 1000:1000 --name x', '{"a":"cookie","b":"x"}', 'required: ["password", "email"]', '--author bob',
  ])('nothing of %s', (text) => {
    expect(redactText(text)).toBe(text)
  })

  test('no time over hostile text', () => {
    for (const text of ['='.repeat(200_000), 'token:'.repeat(50_000), 'a'.repeat(500_000), `password="${'\\"'.repeat(100_000)}`, 'eyJ'.repeat(100_000), 'a:'.repeat(200_000), '-----BEGIN PRIVATE KEY-----'.repeat(5000), 'x://'.repeat(60_000), '("token","'.repeat(30_000), `(${' '.repeat(100_000)}"`, 'a='.repeat(200_000), 'token:\\"x'.repeat(40_000), 'token:["a",'.repeat(30_000), '"cookie","'.repeat(30_000), '"name":"cookie","value":"'.repeat(20_000), 'cookie="'.repeat(40_000), '<token>'.repeat(40_000), '-u a'.repeat(50_000), `cookie:${'\\'.repeat(100_000)}`, '?key='.repeat(50_000)]) {
      expect(typeof redactText(text)).toBe('string')
    }
  }, 10_000)
})

describe('a run loses', () => {
  test('secret values of input and output, and every other place where they stand', () => {
    const run = savedRun('cut')
    run.record.plan.input = { api_key: 'quite-an-ordinary-text', user: { name: 'Bob', passwords: ['x'], credentials: { a: 'alpha', pin: 1234 } }, count: 3 }
    run.record.output = { echo: 'quite-an-ordinary-text' }
    run.log.push('calling with quite-an-ordinary-text now')
    run.events.push({ type: 'log', line: 9, source: 'connector', level: 'info', message: 'm', fields: { authorization: 'zzz', detail: 'got quite-an-ordinary-text' }, seq: run.events.length, atMs: 1 })
    const clean = redactRun(run)
    expect(clean.record.plan.input).toEqual({ api_key: '[redacted]', user: { name: 'Bob', passwords: ['[redacted]'], credentials: { a: '[redacted]', pin: '[redacted]' } }, count: 3 })
    expect(clean.record.output).toEqual({ echo: '[redacted]' })
    expect(clean.log.at(-1)).toBe('calling with [redacted] now')
    expect(clean.events.at(-1)).toMatchObject({ fields: { authorization: '[redacted]', detail: 'got [redacted]' } })
    expect(clean.redacted).toBe(true)
  })

  test('secrets of an input and an output that are kept as they were written, where a key stands twice as well', () => {
    const run = savedRun('completed')
    Object.assign(run.record.plan, inputFieldsOf('{"password": "first-secret", "password": 12345678901234567890, "id": 1.0}'))
    Object.assign(run.record, outputFieldsOf('{"pin": 1.0, "token": 98765432109876543210, "id": 1.0}'))
    const [started] = run.events
    if (started?.type === 'run_started') started.plan = run.record.plan
    const clean = redactRun(run)
    expect(clean.record.plan).toMatchObject({ input: { password: '[redacted]', id: 1 }, inputText: '{"password":"[redacted]","id":1.0}' })
    expect(clean.record).toMatchObject({ output: { token: '[redacted]', id: 1 }, outputText: expect.stringContaining('"token":"[redacted]","id":1.0') })
    expect(JSON.stringify(clean)).not.toMatch(/first-secret|1234567890|9876543210/)
    expect(parseSavedRun(JSON.stringify(clean))).toMatchObject({ ok: true })
  })

  test('nothing of an input without secrets: it stays as it was written', () => {
    const run = savedRun('completed')
    const text = '{ "2": 1.0, "1": {"a": [1e400, ": \\" :"]} }\n'
    Object.assign(run.record.plan, inputFieldsOf(text))
    expect(redactRun(run).record.plan.inputText).toBe(text)
  })

  test('a key in the script, also where its traceback quotes it', () => {
    const run = savedRun('failed')
    run.record.plan.script.text = 'SERVICE_TOKEN = "plain looking words"\n'
    const at = run.events.findIndex((event) => event.type === 'script_error')
    const failed = run.events[at] as Extract<RunEvent, { type: 'script_error' }>
    run.events[at] = { ...failed, error: { ...failed.error, message: 'bad token plain looking words', traceback: 'x\n  SERVICE_TOKEN = "plain looking words"' } }
    expect(JSON.stringify(redactRun(run))).not.toContain('plain looking words')
  })

  test('a private key that was printed line by line, and nothing that another source wrote in between', () => {
    const run = savedRun('cut')
    run.log.push('-----BEGIN RSA PRIVATE KEY-----', 'Proc-Type: 4,ENCRYPTED', 'MIIEowIBAAKCAQEA', 'answer received status=200', 'kT9+/aa==', '-----END RSA PRIVATE KEY-----', 'MIIEowIBAAKCAQEA')
    expect(redactRun(run).log.slice(-7)).toEqual(['-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----', '[redacted]', '[redacted]', 'answer received status=200', '[redacted]', '-----END RSA PRIVATE KEY-----', 'MIIEowIBAAKCAQEA'])
  })

  test('values beside a secret name, and a secret as an address carries it', () => {
    const run = savedRun('cut')
    run.record.plan.input = { headers: [{ name: 'Cookie', value: 'sid=a b/c' }, { name: 'Accept', value: 'text' }] }
    run.log.push('GET /x?again=sid%3Da%20b%2Fc')
    const clean = redactRun(run)
    expect(clean.record.plan.input).toEqual({ headers: [{ name: 'Cookie', value: '[redacted]' }, { name: 'Accept', value: 'text' }] })
    expect(clean.log.at(-1)).toBe('GET /x?again=[redacted]')
  })

  test('the local variables of its stacks', () => {
    const run = savedRun('cut')
    const at = run.events.findIndex((event) => event.type === 'stack')
    const stack = run.events[at] as Extract<RunEvent, { type: 'stack' }>
    const frames = stack.frames.map((frame) => ({ ...frame, locals: { data: 'anything' } }))
    run.events[at] = { ...stack, frames, threads: [{ name: 'MainThread', frames }] }
    const clean = redactRun(run)
    expect(JSON.stringify(clean)).not.toContain('anything')
    expect(clean.events[at]).toMatchObject({ frames: stack.frames })
  })

  test('a short value as a word of its own, a long one also inside of others', () => {
    const run = savedRun('cut')
    run.record.plan.input = { password: 'abc123', token: 'x9y8z7w6v5u4t3' }
    run.log.push('tried abc123, then xabc123y', 'sent to prefix_x9y8z7w6v5u4t3_suffix')
    expect(redactRun(run).log.slice(-2)).toEqual(['tried [redacted], then xabc123y', 'sent to prefix_[redacted]_suffix'])
  })

  test.each(['client', 'connector', 'total', 'computing', 'completed', 'connec', 'faulthandler', 'client.total', 'address_space', 'script_started'])('no word that a record is built of: a secret called %s leaves a file that opens', (value) => {
    const run = sampledRun()
    run.record.plan.input = { auth: value }
    const parsed = parseSavedRun(JSON.stringify(redactRun(run)))
    expect(parsed, JSON.stringify(parsed).slice(0, 300)).toMatchObject({ ok: true })
  })

  test('nothing else', () => {
    const run = savedRun('completed')
    expect(redactRun(run)).toEqual({ ...run, redacted: true })
  })
})
