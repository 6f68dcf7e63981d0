/** A `docker run` taken apart: its own options, what the container finds in its environment, and the command inside. */
export interface DockerRun { options: string[]; variables: { name: string; value: string }[]; envFiles: string[]; command: string[] }

/** Options that take no value (docker run's reference); every other one takes the next word. */
const switches = new Set(['--detach', '--interactive', '--tty', '--rm', '--privileged', '--init', '--read-only', '--no-healthcheck', '--publish-all', '--oom-kill-disable', '--disable-content-trust', '--sig-proxy', '--help', '--quiet'])
const letters = /^-[ditPq]+$/

/** The words behind `docker run` or `docker create`; null for other commands of docker. */
export function parseDockerRun(words: readonly string[]): DockerRun | null {
  const start = words.findIndex((word) => word === 'run' || word === 'create')
  if (start < 0 || start > 3 || words.slice(0, start).some((word) => word === 'compose')) return null
  const run: DockerRun = { options: [], variables: [], envFiles: [], command: [] }
  let index = start + 1
  for (; index < words.length; index++) {
    const word = words[index] ?? ''
    if (!word.startsWith('-')) break
    if (switches.has(word) || letters.test(word)) continue
    const split = /^(--[\w-]+)=(.*)$/s.exec(word)
    const value = split ? split[2] ?? '' : words[++index] ?? ''
    const name = split ? split[1] ?? '' : word
    const variable = name === '-e' || name === '--env' ? /^([A-Za-z_]\w*)=(.*)$/s.exec(value) : null
    if (variable) run.variables.push({ name: variable[1] ?? '', value: variable[2] ?? '' })
    else if (name === '--env-file') run.envFiles.push(value)
    else run.options.push(name, value)
  }
  // The word after the options is the image.
  return { ...run, command: words.slice(index + 1) }
}
