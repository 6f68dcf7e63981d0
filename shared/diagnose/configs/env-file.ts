import type { DiagnosisNote } from '../diagnosis.ts'
import { joinedLines } from './env-lines.ts'
import { envLimits } from './env-values.ts'
import { baseName, type ConfigReader } from './reader.ts'
import { variablesIn } from './variables.ts'

/** .env files and /etc/default/*: variables of known programs, and everything with TIMEOUT in its name. */
export const envConfig: ConfigReader = {
  id: 'env', kind: 'environment file',
  recognises: ({ file, text }) => {
    const lines = joinedLines(text.slice(0, 65_536)).slice(0, 200).map((entry) => entry.text.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    const assignments = lines.filter((line) => /^(?:export\s+)?[A-Z][A-Z0-9_]*=/.test(line)).length
    if (lines.length === 0 || assignments < lines.length * 0.8) return 0
    return /^\.?env|\.env/i.test(baseName(file)) ? 0.95 : 0.8
  },
  read: (file) => {
    const notes: DiagnosisNote[] = []
    return { limits: variablesIn(file).flatMap(({ name, value, line }) => envLimits(name, value, { file: file.file, line, notes })), notes }
  },
}
