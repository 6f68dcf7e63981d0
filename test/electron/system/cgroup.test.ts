import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cgroupPlacesOf } from '../../../electron/system/cgroup-folders.ts'
import { readCgroup } from '../../../electron/system/read-cgroup.ts'

const v2Mount = '31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate'
const v1Mount = (options: string, point = `/sys/fs/cgroup/${options}`, root = '/') => `32 31 0:29 ${root} ${point} rw,relatime - cgroup cgroup rw,${options}`

describe('the groups of a process', () => {
  test('with version 2: its own and all around it', () => {
    expect(cgroupPlacesOf('0::/user.slice/run-1.scope\n', `22 1 8:1 / / rw - ext4 /dev/sda rw\n${v2Mount}\n`)).toEqual(['memory', 'cpu', 'pids'].map((controller) => ({
      controller, version: 2, folders: ['/sys/fs/cgroup/user.slice/run-1.scope', '/sys/fs/cgroup/user.slice', '/sys/fs/cgroup'],
    })))
  })

  test('with version 1: one mount may hold several controllers, named in any order', () => {
    const places = cgroupPlacesOf('4:memory:/a\n3:cpuacct,cpu:/b\n2:pids:/\n1:name=systemd:/x\n', [v1Mount('memory'), v1Mount('cpu,cpuacct'), v1Mount('pids')].join('\n'))
    expect(places).toEqual([
      { controller: 'memory', version: 1, folders: ['/sys/fs/cgroup/memory/a', '/sys/fs/cgroup/memory'] },
      { controller: 'cpu', version: 1, folders: ['/sys/fs/cgroup/cpu,cpuacct/b', '/sys/fs/cgroup/cpu,cpuacct'] },
      { controller: 'pids', version: 1, folders: ['/sys/fs/cgroup/pids'] },
    ])
  })

  test('with both: a controller that version 1 has is not looked for in version 2', () => {
    const places = cgroupPlacesOf('4:memory:/a\n0::/b\n', `${v1Mount('memory')}\n41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw`)
    expect(places.map(({ controller, version, folders }) => [controller, version, folders[0]])).toEqual([
      ['memory', 1, '/sys/fs/cgroup/memory/a'], ['cpu', 2, '/sys/fs/cgroup/unified/b'], ['pids', 2, '/sys/fs/cgroup/unified/b'],
    ])
  })

  test('in a container: the part of the path that is mounted is left out, and what lies outside is the mount point', () => {
    expect(cgroupPlacesOf('4:memory:/docker/abc/inner\n', v1Mount('memory', '/sys/fs/cgroup/memory', '/docker/abc'))[0]?.folders).toEqual(['/sys/fs/cgroup/memory/inner', '/sys/fs/cgroup/memory'])
    expect(cgroupPlacesOf('0::/../../other\n', v2Mount)[0]?.folders).toEqual(['/sys/fs/cgroup'])
  })

  test('are none where nothing is mounted, and odd paths are read as written', () => {
    expect(cgroupPlacesOf('0::/a\n', '')).toEqual([])
    expect(cgroupPlacesOf('', v2Mount)).toEqual([])
    expect(cgroupPlacesOf('0::/a:b c\n', v2Mount.replace('/sys/fs/cgroup ', '/sys/my\\040cgroup '))[0]?.folders[0]).toBe('/sys/my cgroup/a:b c')
  })
})

describe('limits in force', () => {
  let root: string
  beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'cutoff-cgroup-')) })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  const files = (contents: Record<string, string>) => {
    for (const [path, text] of Object.entries(contents)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
  }

  test('of version 2 are those of every group around', async () => {
    files({
      '/proc/self/cgroup': '0::/a/b\n', '/proc/self/mountinfo': `${v2Mount}\n`,
      '/sys/fs/cgroup/a/memory.max': '1073741824\n', '/sys/fs/cgroup/a/memory.current': '1000\n', '/sys/fs/cgroup/a/b/memory.max': 'max\n', '/sys/fs/cgroup/a/b/pids.max': '100\n', '/sys/fs/cgroup/a/b/pids.current': '7\n',
      '/sys/fs/cgroup/a/cpu.max': '50000 100000\n', '/sys/fs/cgroup/a/b/cpu.max': 'max 100000\n', '/sys/fs/cgroup/a/cgroup.subtree_control': 'memory pids\n',
    })
    expect(await readCgroup(root)).toEqual({
      version: 2, writable: ['memory', 'pids'],
      limits: [
        { controller: 'memory', value: 1073741824, path: '/sys/fs/cgroup/a', used: 1000 },
        { controller: 'cpu', value: 500, path: '/sys/fs/cgroup/a', used: null },
        { controller: 'pids', value: 100, path: '/sys/fs/cgroup/a/b', used: 7 },
      ],
    })
  })

  test('of version 1 know its way to say "no limit"', async () => {
    files({
      '/proc/self/cgroup': '4:memory:/a\n3:cpu:/\n2:pids:/a\n', '/proc/self/mountinfo': ['memory', 'cpu', 'pids'].map((name) => v1Mount(name)).join('\n'),
      '/sys/fs/cgroup/memory/a/memory.limit_in_bytes': '268435456\n', '/sys/fs/cgroup/memory/a/memory.usage_in_bytes': '5\n', '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n', '/sys/fs/cgroup/pids/a/pids.max': 'max\n',
    })
    expect(await readCgroup(root)).toEqual({ version: 1, writable: ['memory', 'cpu', 'pids'], limits: [{ controller: 'memory', value: 268435456, path: '/sys/fs/cgroup/memory/a', used: 5 }] })
  })

  test('are none without control groups, and junk is no limit', async () => {
    expect(await readCgroup(root)).toEqual({ version: null, limits: [], writable: [] })
    files({ '/proc/self/cgroup': 'junk\n0::/a\n', '/proc/self/mountinfo': `\n - \n${v2Mount}`, '/sys/fs/cgroup/a/memory.max': 'lots', '/sys/fs/cgroup/a/cpu.max': '', '/sys/fs/cgroup/a/pids.max': '-5' })
    expect(await readCgroup(root)).toEqual({ version: 2, limits: [], writable: [] })
  })
})
