/** Colours only where somebody sees them: a terminal that has them, and not when NO_COLOR is set (no-color.org). */
export interface Paint { bold(text: string): string; dim(text: string): string; red(text: string): string; green(text: string): string; yellow(text: string): string; cyan(text: string): string }

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const

export function paintFor(stream: { isTTY?: boolean }): Paint {
  const on = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  const wrap = (name: keyof typeof codes) => (text: string) => (on ? `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m` : text)
  return { bold: wrap('bold'), dim: wrap('dim'), red: wrap('red'), green: wrap('green'), yellow: wrap('yellow'), cyan: wrap('cyan') }
}
