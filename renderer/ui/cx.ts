/** Joins class names, leaving out what is false, null or empty: `cx('row', active && 'on')`. */
export function cx(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}
