import { describe, expect, test } from 'vitest'
import { complaintAbout, diagnoseTold, type ToldCase } from '../../../helpers/told-case.ts'
import { clientCases } from './clients.ts'
import { decoyCases } from './decoys.ts'
import { reportCases } from './reports.ts'
import { dialectCases } from './dialects.ts'
import { formatCases } from './formats.ts'
import { gatewayCases } from './gateways.ts'
import { mechanismCases } from './mechanisms.ts'
import { pastedCases } from './pasted.ts'
import { platformCases } from './platforms.ts'
import { productionCases } from './production.ts'
import { proxyCases } from './proxies.ts'

const groups: Record<string, readonly ToldCase[]> = {
  'what clients show': clientCases, 'what people paste': pastedCases, 'reports of libraries, pages and processes': reportCases, 'formats of logs and collectors': formatCases, 'gateways and runtimes': gatewayCases,
  'further mechanisms': mechanismCases, 'platforms and kernels': platformCases, 'proxies in production': proxyCases, 'whole cases of production systems': productionCases, 'what would mislead': decoyCases, 'other dialects': dialectCases,
}

for (const [name, cases] of Object.entries(groups)) {
  describe(name, () => {
    test.each(cases.map((told) => [told.title, told] as const))('%s', async (_title, told) => {
      expect(complaintAbout(told, await diagnoseTold(told))).toBeNull()
    })
  })
}
