import type { StackFrame } from '../run/event.ts'
import type { SampledThread, Stretch } from './timeline.ts'

/** speedscope's file format (https://www.speedscope.app/file-format-schema.json), one sampled profile per thread, times in ms. */
export interface SpeedscopeFile {
  $schema: string
  exporter: string
  name: string
  shared: { frames: { name: string; file: string; line: number }[] }
  profiles: { type: 'sampled'; name: string; unit: 'milliseconds'; startValue: number; endValue: number; samples: number[][]; weights: number[] }[]
}

/** Frames are numbered as they come; `threads` gives the profiles their names. */
export function toSpeedscope(stretches: readonly Stretch[], options: { name: string; version: string; threads?: readonly SampledThread[] }): SpeedscopeFile {
  const frames: SpeedscopeFile['shared']['frames'] = []
  const numbers = new Map<string, number>()
  const numberOf = (frame: StackFrame): number => {
    const key = `${frame.file}\n${frame.function}\n${frame.line}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, frames.length)
    return frames.push({ name: frame.function, file: frame.file, line: frame.line }) - 1
  }
  const profiles = [...Map.groupBy(stretches, (stretch) => `${stretch.pid}/${stretch.thread}`)].map(([thread, own]) => ({
    type: 'sampled' as const, name: options.threads?.find((known) => `${known.pid}/${known.thread}` === thread)?.name ?? (own[0]?.pid ? `process ${own[0].pid}, thread ${own[0].thread}` : `thread ${thread.slice(thread.indexOf('/') + 1)}`), unit: 'milliseconds' as const,
    startValue: own[0]?.startMs ?? 0, endValue: own.at(-1)?.endMs ?? 0,
    // speedscope wants the outermost frame first.
    samples: own.map((stretch) => stretch.frames.toReversed().map(numberOf)), weights: own.map((stretch) => stretch.endMs - stretch.startMs),
  }))
  return { $schema: 'https://www.speedscope.app/file-format-schema.json', exporter: `cutoff@${options.version}`, name: options.name, shared: { frames }, profiles }
}

/** Collapsed stacks, as flamegraph.pl reads them: `outer;inner weight`, weights in whole microseconds. */
export function toCollapsed(stretches: readonly Stretch[]): string {
  const weights = new Map<string, number>()
  for (const stretch of stretches) {
    const key = stretch.frames.toReversed().map((frame) => `${frame.function} (${frame.file}:${frame.line})`.replaceAll(';', ',')).join(';')
    if (key !== '') weights.set(key, (weights.get(key) ?? 0) + stretch.endMs - stretch.startMs)
  }
  return [...weights].map(([stack, ms]) => `${stack} ${Math.round(ms * 1000)}`).join('\n') + (weights.size > 0 ? '\n' : '')
}
