import { expect, test } from 'vitest'
import { parseProfile } from '../../../shared/flow/parse-profile.ts'
import { limitsOfProfile } from '../../../shared/flow/profiles.ts'
import { profileText } from '../../../renderer/state/profile-files.ts'
import { editLimit, planLimits, usePlan } from '../../../renderer/state/plan.ts'

test('the limits on the screen, saved as a profile and loaded again, are the same limits', () => {
  editLimit('client.total', { value: 1234.5 })
  editLimit('gateway.write', { value: null })
  editLimit('connector.python', { enforced: false })
  editLimit('os.address_space', { value: 300_000_001 })
  const read = parseProfile(profileText('mine'), 'mine.yaml')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const bare = (limits: ReturnType<typeof planLimits>) => limits.map(({ id, value, enforced }) => ({ id, value, enforced })).toSorted((a, b) => a.id.localeCompare(b.id))
  expect(bare(limitsOfProfile(read.profile))).toEqual(bare(planLimits(usePlan.getState())))
})
