import { findPythons } from './pythons.ts'
import { torture, tortureKinds } from './torture.ts'

/**
 * `node build/test-tools/torture-stacks.ts [SAMPLES]`: at least so many samples (default 100 000) of scripts that create and destroy frames,
 * threads and code objects as fast as they can, spread over every Python of this machine. Ends with 1 when one stack was impossible.
 */
const wanted = Number(process.argv[2] ?? 100_000)
const pythons = await findPythons()
const each = Math.ceil(wanted / (pythons.length * tortureKinds.length))
const sum = { samples: 0, wrong: 0, torn: 0, lost: 0, dead: 0 }
for (const python of pythons) {
  for (const kinds of tortureKinds) {
    const told = await torture(python.path, kinds, each)
    sum.samples += told.samples
    sum.wrong += told.wrong.length
    sum.torn += told.torn
    sum.lost += told.lost
    sum.dead += told.alive ? 0 : 1
    process.stdout.write(`Python ${python.version}, ${kinds}: ${told.samples} samples, ${told.stacks} stacks, ${told.wrong.length} wrong, ${told.torn} torn and read again, ${told.lost} given up\n`)
    for (const stack of told.wrong) process.stdout.write(`  ${JSON.stringify(stack)}\n`)
  }
}
process.stdout.write(`${sum.samples} samples: ${sum.wrong} wrong, ${sum.torn} torn and read again, ${sum.lost} given up, ${sum.dead} scripts crashed\n`)
process.exitCode = sum.wrong + sum.dead === 0 && sum.samples >= wanted ? 0 : 1
