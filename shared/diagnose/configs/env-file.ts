import type { DiagnosisNote } from '../diagnosis.ts'
import { envLimits } from './env-values.ts'
import { baseName, type ConfigReader } from './reader.ts'

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]{0,100})=(.*)$/

/** .env files and /etc/default/*: variables of known programs, and everything with TIMEOUT in its name. */
export const envConfig: ConfigReader = {
  id: 'env', kind: 'environment file',
  recognises: ({ file, text }) => {
    const lines = joined(text.slice(0, 65_536)).slice(0, 200).map((entry) => entry.text.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    const assignments = lines.filter((line) => /^(?:export\s+)?[A-Z][A-Z0-9_]*=/.test(line)).length
    if (lines.length === 0 || assignments < lines.length * 0.8) return 0
    return /^\.?env|\.env/i.test(baseName(file)) ? 0.95 : 0.8
  },
  read: ({ file, text }) => {
    const notes: DiagnosisNote[] = []
    const limits = joined(text).flatMap(({ text: line, line: number }) => {
      const match = assignment.exec(line)
      if (!match) return []
      const raw = (match[2] ?? '').trim()
      const quoted = /^(["'])([\s\S]*?)\1/.exec(raw)
      return envLimits(match[1] ?? '', quoted ? quoted[2] ?? '' : raw.replace(/\s+#.*$/, ''), { file, line: number, notes })
    })
    return { limits, notes }
  },
}

/** Lines with those joined that a backslash or an open quote continues; each with the number of its first line. */
function joined(text: string): { text: string; line: number }[] {
  const list: { text: string; line: number }[] = []
  let pending: { text: string; line: number } | null = null
  for (const [index, raw] of text.split('\n').slice(0, 50_000).entries()) {
    const line = raw.replace(/\r$/, '').slice(0, 8192)
    const all: { text: string; line: number } = pending ? { text: `${pending.text} ${line.trim()}`, line: pending.line } : { text: line, line: index + 1 }
    const open = !/^\s*#/.test(all.text) && all.text.length < 16_384 && (/\\$/.test(line) || (/=\s*"/.test(all.text) && (all.text.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1))
    pending = open ? { ...all, text: all.text.replace(/\\$/, '') } : null
    if (!open) list.push(all)
  }
  if (pending) list.push(pending)
  return list
}
