import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readProfiles } from '../../electron/profiles.ts'

const folder = join(import.meta.dirname, '../../electron/profiles')
const profiles = await readProfiles()

/** What the providers publish, in ms and bytes. */
const published: [profile: string, limit: string, value: number][] = [
  ['aws-lambda', 'platform.duration', 3000], ['aws-lambda', 'proxy.read', 29_000], ['aws-lambda', 'platform.memory', 128 * 1024 ** 2],
  ['azure-functions', 'proxy.read', 230_000], ['google-cloud-functions', 'platform.duration', 60_000], ['google-cloud-run', 'platform.duration', 300_000],
  ['heroku', 'proxy.read', 30_000], ['kubernetes-ingress-nginx', 'proxy.read', 60_000], ['aws-alb', 'proxy.read', 60_000], ['cloudflare', 'proxy.read', 100_000],
  ['nginx', 'proxy.read', 60_000], ['gunicorn', 'gateway.worker', 30_000],
]

test.each(published)('%s: %s is %i', (name, id, value) => {
  expect(profiles.find((profile) => profile.name === name)?.limits.find((limit) => limit.id === id)?.value).toBe(value)
})

describe('every shipped profile', async () => {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'))
  test.each(files)('%s says where its numbers come from, and what is emulated', async (file) => {
    const text = await readFile(join(folder, file), 'utf8')
    const profile = profiles.find((candidate) => candidate.name === file.replace('.yaml', ''))
    expect(text).toMatch(/^# Sources?: /m)
    // An origin of its own, not merely the line of our file.
    expect(profile?.limits.filter((limit) => limit.origin.includes('.yaml'))).toEqual([])
    expect(profile?.emulated).toBe(file !== 'nginx.yaml')
  })
})
