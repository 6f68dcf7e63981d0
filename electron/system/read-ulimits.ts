import { readText } from './read-machine.ts'

/** One kernel limit of this process, which its children inherit; null = unlimited. */
export interface UlimitFacts { name: string; soft: number | null; hard: number | null; unit: string }

/** `/proc/self/limits`, as `ulimit -a` shows it. Null where the platform has no such file. */
export async function readUlimits(): Promise<UlimitFacts[] | null> {
  const text = await readText('/proc/self/limits')
  return text === null ? null : parseLimits(text)
}

/** The kernel's table: name in the first 26 columns, then soft, hard and unit. */
export function parseLimits(text: string): UlimitFacts[] {
  return text.split('\n').slice(1).flatMap((line) => {
    const match = /^(.{1,26}?)\s{2,}(\S+)\s+(\S+)\s*(\S*)\s*$/.exec(line)
    if (!match) return []
    const number = (word: string | undefined) => (word === 'unlimited' ? null : Number(word))
    return [{ name: (match[1] ?? '').trim(), soft: number(match[2]), hard: number(match[3]), unit: match[4] ?? '' }]
  })
}
