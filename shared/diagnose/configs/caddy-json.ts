import type { DiagnosedLimit, DiagnosisNote } from '../diagnosis.ts'
import { caddyKinds, caddyLimit, dialDefault } from './caddyfile.ts'
import { leavesOf } from './json-lines.ts'
import { noteOf, type ConfigReader } from './reader.ts'

/** JSON names that differ from the Caddyfile's. */
const jsonNames: Record<string, string> = { try_duration: 'lb_try_duration', read_header_timeout: 'read_header', read_timeout: 'read_body', write_timeout: 'write', idle_timeout: 'idle', handshake_timeout: 'tls_timeout' }

/** Caddy's native JSON, where durations are Go's strings or nanoseconds. */
export const caddyJsonConfig: ConfigReader = {
  id: 'caddy-json', kind: 'Caddy configuration',
  recognises: ({ text }) => /^\s*\{/.test(text) && /"apps"\s*:/.test(text) && /"http"\s*:|"reverse_proxy"/.test(text) ? 0.95 : /^\s*[{[]/.test(text) && /"handler"\s*:\s*"reverse_proxy"/.test(text) ? 0.9 : 0,
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const { leaves, problems } = leavesOf(text)
    notes.push(...problems.map((problem) => noteOf(file, problem.line, problem.text)))
    const limits = leaves.flatMap((leaf): DiagnosedLimit[] => {
      const name = String(leaf.path.at(-1))
      const inTransport = leaf.path.includes('transport')
      const key = inTransport && (name === 'read_timeout' || name === 'write_timeout') ? `reverse_proxy ${name}` : jsonNames[name] ?? name
      if (!caddyKinds[key]) return []
      const written = typeof leaf.value === 'number' ? `${leaf.value}ns` : String(leaf.value)
      const limit = caddyLimit(name, key, key === 'max_size' ? String(leaf.value) : written, { file, line: leaf.line, scope: leaf.path.slice(0, -1).join('.') }, notes)
      return limit ? [{ ...limit, asWritten: String(leaf.value) }] : []
    })
    if (/"reverse_proxy"/.test(text) && !limits.some((limit) => limit.directive === 'dial_timeout')) limits.push(dialDefault(file))
    return { limits, notes }
  },
}
