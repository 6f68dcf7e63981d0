import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { temporaryName } from '../../leftovers.ts'
import { FlowError } from '../flow-error.ts'
import type { FlowRun } from '../flow-run.ts'
import { limitsOfLayer } from '../limit-timers.ts'
import { endedAtOnce, noSignOfLife, startGuarded } from './guarded-process.ts'
import { openListeningSocket } from './listening-socket.ts'
import { openLogSocket } from './log-socket.ts'
import { nginxConfigOf, nginxDirectives, nginxMarkerPath, type NginxTime } from './nginx-config.ts'
import { followNginxLog } from './nginx-follow.ts'
import { passMarker, whenAnswering } from './marker.ts'
import { requireProxyProgram } from './program.ts'
import type { ProxyPlace, RunningProxy } from './running-proxy.ts'

/** What the plan does not set is not in force: nginx's own defaults of 60 s and 75 s must not cut a run whose plan knows nothing of them. */
const asGoodAsOffMs = 24 * 3_600_000

/**
 * The machine's own nginx for one run: generated configuration in a private folder, a socket it inherits, both logs read as
 * evidence. Works as any user. Rejects with FlowError where nginx is missing or does not start.
 */
export async function startNginx(run: FlowRun, place: ProxyPlace): Promise<RunningProxy> {
  const program = requireProxyProgram('nginx')
  const limits = limitsOfLayer(run, `proxy${place.hop}`)
  if (limits.valueOf('queue') !== null) run.emit({ type: 'limit_not_enforced', limitId: limits.idOf('queue'), reason: 'nginx has no queue: only HAProxy queues requests' })
  const folder = await mkdtemp(join(tmpdir(), temporaryName('nginx')))
  const follow = followNginxLog(run, place)
  const logs = await openLogSocket(follow.take)
  const socket = await openListeningSocket()
  const config = join(folder, 'nginx.conf')
  const times = Object.fromEntries(Object.keys(nginxDirectives).map((name) => [name, limits.valueOf(name) ?? asGoodAsOffMs])) as Record<NginxTime, number>
  await writeFile(config, nginxConfigOf({ folder, user: rootUser(), port: socket.port, upstream: place.upstream, log: logs, times, keepUpstream: place.keepUpstream !== undefined, ...(place.fault ? { fault: place.fault } : {}) }), { mode: 0o600 })

  // NGINX names inherited listening descriptors: nginx's own way of handing sockets over at an upgrade.
  const options = { listenFd: socket.fd, env: { PATH: process.env.PATH ?? '', NGINX: '3;' }, folder }
  const nginx = startGuarded(program, ['-p', folder, '-c', config, ...await earlyLogArguments(program)], options)
  await socket.release()
  const end = async () => {
    nginx.kill()
    await nginx.ended
    await logs.close()
    await rm(folder, { recursive: true, force: true })
  }
  const failed = await Promise.race([whenAnswering(socket.port, nginxMarkerPath).then(() => null), endedAtOnce(nginx), noSignOfLife()])
  if (failed) {
    await end()
    throw new FlowError('proxy_failed', `nginx did not start: ${failed.stderr.trim() || failed.silence}`, `try ${program} -t, or use --proxy builtin`)
  }
  const settled = async () => {
    await passMarker(socket.port, nginxMarkerPath, follow.marker)
    follow.flush()
  }
  return {
    port: socket.port, settled,
    async close() {
      await settled()
      await end()
    },
  }
}

const knownArguments = new Map<string, Promise<string[]>>()

/** `-e` keeps nginx from opening the log its package was built with before it reads its configuration; it came with 1.19.5. */
function earlyLogArguments(program: string): Promise<string[]> {
  const known = knownArguments.get(program) ?? promisify(execFile)(program, ['-v']).then(({ stderr }) => {
    const [major = 0, minor = 0, patch = 0] = /nginx\/(\d+)\.(\d+)\.(\d+)/.exec(stderr)?.slice(1).map(Number) ?? []
    return major > 1 || (major === 1 && (minor > 19 || (minor === 19 && patch >= 5))) ? ['-e', 'stderr'] : []
  }, () => [])
  knownArguments.set(program, known)
  return known
}

/** As root nginx would hand its worker to nobody, who cannot reach a private folder. */
function rootUser(): string | null {
  if (process.getuid?.() !== 0) return null
  return process.platform === 'linux' ? 'root root' : 'root wheel'
}
