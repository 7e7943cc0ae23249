import { invalid } from './parse.ts'
import { seededRandom } from './seeded-random.ts'

/** The generator that was passed, checked at every number, or else one with this fixed seed. */
export function parseRandom(random: (() => number) | undefined, seed: string): () => number {
  if (random === undefined) return seededRandom(seed)
  if (typeof random !== 'function') throw invalid('random', random, 'Pass a function that returns numbers in [0, 1)')
  return () => {
    const number = random()
    if (!(number >= 0 && number < 1))
      throw invalid('A random number', number, 'Pass a function that returns numbers in [0, 1)')
    return number
  }
}
