import { beforeAll, describe, expect, test } from 'vitest'
import { loadCorpus } from '../src/corpus.ts'
import { extractFeatures } from '../src/features.ts'
import { parseMail, type MailText } from '../src/mail-text.ts'
import { maskMail } from '../src/masking.ts'
import { packModel } from '../src/spam-filter-model.ts'
import { trainSpamFilter, type SpamExample } from '../src/spam-filter-training.ts'
import { createSpamFilter, labelOf } from '../src/spam-filter.ts'

const error = (code: string) => expect.objectContaining({ name: 'MailTriageError', code })
const spam: SpamExample = { features: { buckets: [1, 2], counts: [1, 1] }, label: 'spam' }
const ham: SpamExample = { features: { buckets: [2, 3], counts: [1, 1] }, label: 'ham' }

/** Half of the mails with the same words are spam, each with this weight. */
const contradiction = (weight: number): SpamExample[] => [
  ...Array.from({ length: 10 }, () => ({ ...spam, weight })),
  ...Array.from({ length: 10 }, () => ({ ...ham, features: spam.features })),
  ...Array.from({ length: 10 }, () => ham),
  ...Array.from({ length: 10 }, () => ({ ...spam, features: { buckets: [9], counts: [1] } })),
]

/** What a filter trained on them makes of such a mail. */
const contradicted = (weight: number): number =>
  createSpamFilter(trainSpamFilter({ examples: contradiction(weight) })).scoreFeatures(spam.features).spam

describe('a filter trained on real mails', () => {
  const texts: MailText[] = []
  const examples: SpamExample[] = []
  beforeAll(async () => {
    for (const { raw, isSpam, thread } of loadCorpus().mails.slice(0, 2000)) {
      const text = await parseMail(raw)
      texts.push(text)
      examples.push({ features: extractFeatures(maskMail(text)), label: isSpam ? 'spam' : 'ham', group: thread })
    }
  }, 60_000)
  const trained = () => trainSpamFilter({ examples: examples.slice(0, 1000) })

  // Earlier trials, noted in issue 3, found .90 with another filter; guessing has .5.
  test('tells spam from ham among the next 1,000 mails', () => {
    const filter = createSpamFilter(trained())
    const rightOf = { spam: 0, ham: 0 }
    const countOf = { spam: 0, ham: 0 }
    for (const { features, label } of examples.slice(1000)) {
      countOf[label] += 1
      if (filter.scoreFeatures(features).label === label) rightOf[label] += 1
    }
    expect((rightOf.spam / countOf.spam + rightOf.ham / countOf.ham) / 2).toBeGreaterThan(0.9)
  })

  // A calibrated score is as often right as it says, here where both classes weigh the same (as documented).
  test('gives probabilities that hold where half of the mails are spam', () => {
    const interleaved = examples.map((_, index) => examples[(index * 7) % examples.length] ?? spam)
    const filter = createSpamFilter(trainSpamFilter({ examples: interleaved.slice(0, 1000) }))
    const rest = interleaved.slice(1000)
    const share = { spam: 0, ham: 0 }
    for (const { label } of rest) share[label] += 1 / rest.length
    const bins = Array.from({ length: 10 }, () => ({ claimed: 0, found: 0 }))
    for (const { features, label } of rest) {
      const { spam: probability } = filter.scoreFeatures(features)
      const bin = bins[Math.min(9, Math.floor(probability * 10))]
      const weight = 1 / (2 * share[label] * rest.length)
      if (bin === undefined) continue
      bin.claimed += weight * probability
      bin.found += label === 'spam' ? weight : 0
    }
    expect(bins.reduce((sum, { claimed, found }) => sum + Math.abs(claimed - found), 0)).toBeLessThan(0.05)
  })

  test('is the same to the last bit for the same examples and seed, and names itself after them', () => {
    const [one, again] = [trained(), trained()]
    expect(again).toEqual(one)
    expect(one.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(createSpamFilter(one).version).toBe(`spam-filter-${one.hash.slice(0, 12)}`)
    expect(trainSpamFilter({ examples: examples.slice(0, 999) }).hash).not.toBe(one.hash)
    const spamCount = examples.slice(0, 1000).filter(({ label }) => label === 'spam').length
    expect(one.trainedOn).toEqual({ examples: 1000, spam: spamCount, ham: 1000 - spamCount })
  })

  test('scores a mail as it scores the features of the masked mail', () => {
    const filter = createSpamFilter(trained())
    for (const [index, text] of texts.slice(0, 50).entries()) {
      expect(filter.score(text)).toEqual(filter.scoreFeatures(examples[index]?.features ?? spam.features))
    }
  })

  test('is itself after a way through JSON, also one that sorts the keys', () => {
    const model = trained()
    const sorted = Object.fromEntries(
      Object.entries(JSON.parse(JSON.stringify(model))).sort(([a], [b]) => (a < b ? -1 : 1)),
    )
    const [one, other] = [createSpamFilter(model), createSpamFilter(sorted as never)]
    expect(other.version).toBe(one.version)
    for (const { features } of examples.slice(0, 50))
      expect(other.scoreFeatures(features)).toEqual(one.scoreFeatures(features))
  })

  test('is not changed by weights that only change their unit', () => {
    const doubled = examples.slice(0, 1000).map((example) => ({ ...example, weight: 2 }))
    expect(trainSpamFilter({ examples: doubled }).hash).toBe(trained().hash)
  })
})

describe('trainSpamFilter', () => {
  test('lets a weight decide between examples that contradict each other', () => {
    expect(contradicted(9)).toBeGreaterThan(contradicted(1))
    expect(contradicted(1)).toBeGreaterThan(contradicted(1 / 9))
  })

  test('learns from one example of each class', () => {
    const filter = createSpamFilter(trainSpamFilter({ examples: [spam, ham] }))
    for (const { features } of [spam, ham]) {
      const { spam: probability } = filter.scoreFeatures(features)
      expect(probability > 0 && probability < 1).toBe(true)
    }
  })

  test('says what to do without an example of each class', () => {
    expect(() => trainSpamFilter({ examples: [] })).toThrow(error('one-class'))
    expect(() => trainSpamFilter({ examples: [spam, spam] })).toThrow(/2 examples hold spam only\. Wait for/)
  })

  test.for([
    [{ examples: undefined }, /examples are nothing/],
    [{ examples: [spam, { ...ham, label: 'junk' }] }, /Example 1 has the label/],
    [{ examples: [spam, null] }, /Example 1 has the label/],
    [{ examples: [spam, { ...ham, weight: 0 }] }, /Example 1 has the weight 0\. Give it a number above 0/],
    [{ examples: [spam, { ...ham, weight: Number.NaN }] }, /weight NaN/],
    [{ examples: [spam, { ...ham, features: undefined }] }, /features are nothing/],
    [{ examples: [spam, ham], seed: 0.5 }, /seed is 0\.5/],
  ] as const)('refuses %j', ([request, message]) => {
    expect(() => trainSpamFilter(request as never)).toThrow(error('invalid-argument'))
    expect(() => trainSpamFilter(request as never)).toThrow(message)
  })
})

describe('createSpamFilter', () => {
  const model = packModel(new Float64Array(16_384).fill(1, 1, 2), {
    bias: 0,
    calibration: { slope: 1, intercept: 0 },
    trainedOn: { examples: 2, spam: 1, ham: 1 },
    seed: 1,
  })

  // One bucket of weight 1 with all words: the margin is 1 and the probability 1 / (1 + 1/e).
  test('scores by the model alone', () => {
    const { score, scoreFeatures } = createSpamFilter(model, { version: 'v7' })
    expect(scoreFeatures({ buckets: [1], counts: [3] })).toEqual({ spam: 1 / (1 + Math.exp(-1)), label: 'spam' })
    expect(score({ subject: '', body: '', names: new Set() })).toEqual({ spam: 0.5, label: 'spam' })
    expect(createSpamFilter(model, { version: 'v7' }).version).toBe('v7')
  })

  test('calls spam what is as probable as not, and all above', () => {
    expect([0, 0.499, 0.5, 1].map(labelOf)).toEqual(['ham', 'ham', 'spam', 'spam'])
  })

  test('refuses what is no model, and a model that was changed', () => {
    expect(() => createSpamFilter(undefined as never)).toThrow(error('invalid-argument'))
    expect(() => createSpamFilter({ ...model, format: 'other' } as never)).toThrow(error('invalid-argument'))
    expect(() => createSpamFilter({ ...model, bias: 1 })).toThrow(error('model-corrupt'))
    expect(() => createSpamFilter({ ...model, weights: '' })).toThrow(error('model-corrupt'))
    expect(() => createSpamFilter({ ...model, calibration: undefined } as never)).toThrow(error('model-corrupt'))
  })

  test('says what to do with what is no mail', () => {
    const filter = createSpamFilter(model)
    expect(() => filter.score('text' as never)).toThrow(error('invalid-argument'))
    expect(() => filter.scoreFeatures(null as never)).toThrow(error('invalid-argument'))
  })
})
