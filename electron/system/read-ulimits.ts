import { readText } from './read-text.ts'

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

const kernelNames: Record<string, { name: string; unit: string }> = {
  AS: { name: 'Max address space', unit: 'bytes' }, CPU: { name: 'Max cpu time', unit: 'seconds' }, NOFILE: { name: 'Max open files', unit: 'files' }, NPROC: { name: 'Max processes', unit: 'processes' },
  FSIZE: { name: 'Max file size', unit: 'bytes' }, STACK: { name: 'Max stack size', unit: 'bytes' }, CORE: { name: 'Max core file size', unit: 'bytes' },
}

/**
 * The limits a script meets: what a child process says of its own goes before what this process has, since Node raises some
 * for itself; and it is all there is where the kernel has no table. Null where neither can be had.
 */
export function ulimitsOfChild(own: readonly UlimitFacts[] | null, child: Record<string, readonly [number | null, number | null]> | null): UlimitFacts[] | null {
  if (own === null && child === null) return null
  const told = Object.entries(child ?? {}).flatMap(([short, [soft, hard]]) => {
    const kernel = kernelNames[short]
    return kernel ? [{ ...kernel, soft, hard }] : []
  })
  const names = new Set(told.map(({ name }) => name))
  return [...told, ...(own ?? []).filter(({ name }) => !names.has(name))]
}
