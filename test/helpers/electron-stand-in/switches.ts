/** Value of a command-line switch such as `--user-data-dir=/x`; undefined where it is missing. */
export function switchValue(name: string): string | undefined {
  const start = `--${name}=`
  return process.argv.find((arg) => arg.startsWith(start))?.slice(start.length)
}
