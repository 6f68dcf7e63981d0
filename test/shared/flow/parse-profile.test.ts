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

test('every problem is reported with its line', () => {
  const parsed = parseProfile('name: x\nlimit:\n  a: 1\nlimits:\n  client.totl: 5s\n  gateway.write: 30\nproxies: [varnish]\n', 'x.yaml')
  expect(parsed).toMatchObject({ ok: false, problems: [{ line: 2, message: 'unknown key "limit"' }, { line: 7 }, { line: 5, hint: 'did you mean client.total?' }, { line: 6, message: expect.stringContaining('has no unit') }] })
})

test.each(['', '- a list', 'name: [', '\u0000\u0001', 'limits: 3', '&a [*a]'])('%j is refused, not thrown', (text) => {
  expect(parseProfile(text, 'x.yaml').ok).toBe(false)
})
