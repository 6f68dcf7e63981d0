import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hello } from '../shared/bridge/contract.ts'
import { samples } from '../shared/samples/index.ts'

const folder = join(import.meta.dirname, '../shared/samples')

/** The shipped samples with their text, in the order in which the empty screen shows them. */
export async function readSamples(): Promise<Hello['samples']> {
  return Promise.all(samples.map(async (sample) => ({
    id: sample.id, name: sample.file, title: sample.title, about: sample.about, tag: sample.tag, input: sample.input, limits: sample.limits,
    text: await readFile(join(folder, sample.file), 'utf8'),
  })))
}
