import { acts, factOf, fine, hint, type LogFact, type Sign } from './fact.ts'
import type { LogReader } from './reader.ts'

/** `kubectl describe pod`, `kubectl get pod -o yaml` and `docker inspect`: how a container ended last. */
export const containerStatusLog: LogReader = {
  id: 'container-status', product: 'Kubernetes',
  open: () => {
    let reason: string | null = null
    return {
      take: (line): LogFact[] | null => {
        if (/^[ \t]{0,64}"OOMKilled":\s*true,?\s*$/.test(line.text) || line.text.includes(`"OOMKilled":true`)) return [factOf({ file: line.file, line: line.number, product: 'Docker', text: line.text.trim(), signs: [acts('os.oom_kill', 'the container was killed at its memory limit', { directive: '--memory' })] })]
        if (/"OOMKilled":\s*false/.test(line.text)) return [factOf({ file: line.file, line: line.number, product: 'Docker', text: line.text.trim().slice(0, 200), signs: [fine('the container was not killed for memory', { excludes: ['os.oom_kill'] })] })]
        const inline = /"terminated":\{[^{}]*"reason":"(OOMKilled|DeadlineExceeded|Evicted)"/.exec(line.text)
        if (inline) {
          const sign = reasonSign(inline[1] ?? null)
          return sign ? [factOf({ file: line.file, line: line.number, product: 'Kubernetes', text: inline[0], signs: [sign] })] : []
        }
        const named = /^[ \t]{0,64}"?[Rr]eason"?:\s*"?(OOMKilled|Error|Completed|ContainerCannotRun|DeadlineExceeded|Evicted)"?,?\s*$/.exec(line.text)
        if (named) {
          reason = named[1] ?? null
          const sign = reasonSign(reason)
          return sign ? [factOf({ file: line.file, line: line.number, product: 'Kubernetes', text: line.text.trim(), signs: [sign] })] : []
        }
        const code = /^[ \t]{0,64}"?[Ee]xit ?[Cc]ode"?:\s*(\d+),?\s*$|Exited \((\d+)\)/.exec(line.text)
        if (!code) return null
        const sign = codeSign(Number(code[1] ?? code[2]), reason)
        return sign ? [factOf({ file: line.file, line: line.number, product: 'Kubernetes', text: line.text.trim(), signs: [sign] })] : []
      },
      close: () => [],
    }
  },
}

function reasonSign(reason: string | null): Sign | null {
  switch (reason) {
    case 'OOMKilled': return acts('os.oom_kill', 'the container was killed at its memory limit', { directive: 'resources.limits.memory' })
    case 'DeadlineExceeded': return acts('platform.duration', 'the job’s `activeDeadlineSeconds` passed', { directive: 'activeDeadlineSeconds' })
    case 'Evicted': return acts('gateway.stopped', 'the pod was evicted', { confidence: 0.9 })
    default: return null
  }
}

/** 137 is SIGKILL and 143 SIGTERM; who sent it is another question. */
function codeSign(code: number, reason: string | null): Sign | null {
  if (reason === 'OOMKilled') return null
  if (code === 137) return hint('gateway.stopped', 'exit code 137: SIGKILL, from the grace period, a probe, or the OOM killer', { confidence: 0.6, orElse: ['os.oom_kill', 'os.killed'] })
  if (code === 143) return hint('gateway.stopped', 'exit code 143: SIGTERM, the container was told to stop', { confidence: 0.6 })
  if (code === 139) return hint('gateway.stopped', 'exit code 139: it crashed', { confidence: 0.7 })
  return null
}
