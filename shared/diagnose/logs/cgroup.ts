import { acts, factOf, fine } from './fact.ts'
import { lineReader } from './reader.ts'

/** `memory.events`, `memory.oom_control` and `cpu.stat` of a cgroup. Throttling cuts nothing by itself, and says so. */
export const cgroupLog = lineReader('cgroup', 'Linux', (line) => {
  const match = /^(nr_periods|nr_throttled|throttled_(?:time|usec)|nr_bursts|burst_(?:time|usec)|oom|oom_kill|oom_group_kill|oom_kill_disable|under_oom|low|high|max) (\d+)\s*$/.exec(line.text)
  if (!match) return null
  const count = Number(match[2])
  const place = { file: line.file, line: line.number, product: 'Linux', text: line.text }
  if (match[1] === 'oom_kill' && count > 0) return [factOf({ ...place, signs: [acts('os.oom_kill', 'the cgroup counts processes killed for memory', { directive: 'memory.max' })] })]
  if (match[1] === 'oom_kill') return [factOf({ ...place, signs: [fine('the cgroup counts no process killed for memory', { excludes: ['os.oom_kill'] })] })]
  if (match[1] === 'nr_throttled' && count > 0) return [factOf({ ...place, signs: [fine(`the CPU quota held the script back in ${count} periods; that makes it slow and cuts nothing`)] })]
  return []
})
