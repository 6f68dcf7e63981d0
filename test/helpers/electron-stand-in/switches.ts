/** Switches that the app set for Chromium before it starts. */
export const appendedSwitches = new Map<string, string>()

/** What Chromium is started with: the app's own switches, and those of the command line that are Chromium's to read. */
export function switchesForChromium(): string[] {
  const netLog = switchValue('log-net-log')
  return [...[...appendedSwitches].map(([name, value]) => value ? `--${name}=${value}` : `--${name}`), ...netLog ? [`--log-net-log=${netLog}`] : []]
}

/** Value of a command-line switch such as `--user-data-dir=/x`; undefined where it is missing. */
export function switchValue(name: string): string | undefined {
  const start = `--${name}=`
  return process.argv.find((arg) => arg.startsWith(start))?.slice(start.length)
}
