import { basename, dirname } from 'node:path'

const most = 10

/** The list as it was kept; whatever is wrong with its text, it is empty then. */
export function parseRecent(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.filter((path) => typeof path === 'string').slice(0, most) : []
  } catch {
    return []
  }
}

/** The list with a file in front that was just opened. */
export function withRecent(paths: readonly string[], path: string): string[] {
  return [path, ...paths.filter((other) => other !== path)].slice(0, most)
}

/** What each file is called in the menu: its name, with its folder where two have the same. A single `&` would underline the next letter. */
export function recentLabels(paths: readonly string[]): string[] {
  const names = paths.map((path) => basename(path))
  return paths.map((path, index) => {
    const name = names[index] ?? ''
    const isOne = names.filter((other) => other === name).length === 1
    return (isOne ? name : `${name} (${dirname(path)})`).replaceAll('&', '&&')
  })
}
