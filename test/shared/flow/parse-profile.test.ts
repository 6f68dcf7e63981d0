import { expect, test } from 'vitest'
import { parseProfile } from '../../../shared/flow/parse-profile.ts'

test('a profile with comments, plain and detailed limits', () => {
  const parsed = parseProfile('# ours\nname: mine\nproxies: [nginx]\nlimits:\n  client.total: 5s # browser\n  proxy.read: { value: 60s, origin: nginx.conf, enforced: false }\n  gateway.write: off\n', 'mine.yaml')
  expect(parsed).toEqual({
    ok: true,
    profile: {
      name: 'mine', title: 'mine', description: '', emulated: false, proxies: ['nginx'],
      limits: [{ id: 'client.total', origin: 'mine.yaml:5', value: 5000 }, { id: 'proxy.read', origin: 'nginx.conf', enforced: false, value: 60_000 }, { id: 'gateway.write', origin: 'mine.yaml:7', value: null }],
    },
  })
})

test('an alias stands for the value of its anchor', () => {
  const parsed = parseProfile('limits:\n  proxy.read: &slow 60s\n  proxy.send: *slow\n', 'x.yaml')
  expect(parsed.ok && parsed.profile.limits.map((limit) => limit.value)).toEqual([60_000, 60_000])
})

test('every problem is reported with its line', () => {
  const parsed = parseProfile('name: x\nlimit:\n  a: 1\nlimits:\n  client.totl: 5s\n  gateway.write: 30\nproxies: [varnish]\n', 'x.yaml')
  expect(parsed).toMatchObject({ ok: false, problems: [{ line: 2, message: 'unknown key "limit"', hint: 'did you mean limits?' }, { line: 5, hint: 'did you mean client.total?' }, { line: 6, message: expect.stringContaining('has no unit') }, { line: 7 }] })
})

test.each([
  ['limits:\n  client.total:\n', 2, 'client.total has no value'],
  ['limits:\n  client.total: { origin: here }\n', 2, 'client.total has no value'],
  ['limits:\n  client.total: [1s]\n', 2, 'client.total has no value'],
  ['limits:\n  client.total: { value: 1s, enforced: no }\n', 2, 'enforced must be true or false'],
  ['limits:\n  client.total: { value: 1s, enforce: false }\n', 2, 'unknown key "enforce"'],
  ['emulated: yes\nlimits:\n  client.total: 1s\n', 1, 'emulated must be true or false'],
  ['limits:\n  client.total: 1s\n  client.total: 2s\n', 3, 'this key stands in the file twice'],
  ['limits:\n  client.total: 1s\n---\nlimits:\n  client.total: 2s\n', 3, 'a profile file holds one profile: a second document begins here'],
  ['limits:\n  proxy0.read: 1s\n', 2, 'unknown limit "proxy0.read"'],
  ['proxies: &p [nginx]\ndescription: *p\nlimits:\n  client.total: 1s\n', 2, 'an alias may stand for a single value only'],
  [`proxies: [${Array.from({ length: 17 }, () => 'nginx').join(', ')}]\nlimits:\n  client.total: 1s\n`, 1, '17 proxies in a row are more than 16'],
  ['limits:\n\tclient.total: 1s\n', 2, 'Tabs are not allowed as indentation'],
  ['limits:\n  client.total: 1s\n   gateway.write: 3s\n', 2, 'this line and the next are not indented alike: the keys of one map begin in the same column'],
  ['limits:\n  client: { total: 1s }\n', 2, 'unknown limit "client"'],
])('%j: line %i, %s', (text, line, message) => {
  expect(parseProfile(text, 'x.yaml')).toMatchObject({ ok: false, problems: [{ line, message }] })
})

test.each(['', '- a list', 'name: [', '\u0000\u0001', 'limits: 3', '&a [*a]'])('%j is refused, not thrown', (text) => {
  expect(parseProfile(text, 'x.yaml').ok).toBe(false)
})

test('a limit that is split into a map is shown as one key', () => {
  expect(parseProfile('limits:\n  client: { total: 1s }\n', 'x.yaml')).toMatchObject({ problems: [{ hint: 'write it as one key: client.total' }] })
})
