import {
  collectExamples,
  dataSetLine,
  derivedSalts,
  eraseSalts,
  ExamplePool,
  forgetErased,
  manifestOf,
  readExamples,
  verifyManifest,
} from '@groundtrace/flywheel'
import { openSqliteRegister } from '@groundtrace/register'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { feedback, HOUR, idsOf, mail, numbers, prediction, said, SPAM } from './answered-mails.ts'

const saltOf = derivedSalts('a secret for these tests')

let register = openSqliteRegister({ path: ':memory:' })

beforeEach(async () => {
  register = openSqliteRegister({ path: ':memory:', tasks: [SPAM] })
  await register.appendPredictions(numbers(1, 40).map(mail))
  await register.appendFeedback(numbers(1, 40).map((n) => said(n)))
})
afterEach(() => register.close())

describe('a person who wants to be forgotten', () => {
  /** Mail 41 was read by Alice; of mail 42 only the word is hers. */
  beforeEach(async () => {
    await register.appendPredictions([{ ...mail(41), user: 'alice' }, mail(42)])
    await register.appendFeedback([said(41), said(42, { user: 'alice' })])
  })

  it('is in no example that is collected afterwards, nor in one that rests on a later word of theirs', async () => {
    await register.withdrawConsent('alice')
    await register.appendPredictions([{ ...mail(43), user: 'alice' }, mail(44)])
    await register.appendFeedback([said(43), said(44, { user: 'alice' })])
    const pool = new ExamplePool('spam')
    await collectExamples(register, pool)
    expect(idsOf(pool.examples())).toEqual(numbers(1, 40).map(prediction))
    expect(pool.without()).toMatchObject({ 'features-missing': 4 })
    // What an expert says of mail 42 does not rest on Alice.
    const expert = { kind: 'annotation', by: 'expert', source: 'desk', label: 'spam', time: HOUR } as const
    await register.appendFeedback([said(42, { ...expert, id: feedback(42, 2) })])
    await collectExamples(register, pool)
    expect(idsOf(pool.examples())).toEqual([...numbers(1, 40), 42].map(prediction))
  })

  it('leaves the examples that a process holds when it looks again', async () => {
    const pool = new ExamplePool('spam')
    await collectExamples(register, pool)
    expect(await forgetErased(register, pool)).toBe(0)
    await register.eraseUser('alice')
    expect(pool.size).toBe(42)
    expect(await forgetErased(register, pool)).toBe(2)
    expect(idsOf(pool.examples())).toEqual(numbers(1, 40).map(prediction))
  })

  it('leaves a gap in the manifests that were made with them, and all else verifies', async () => {
    const pool = new ExamplePool('spam')
    await collectExamples(register, pool)
    const { manifest, salts } = manifestOf({ role: 'training', task: 'spam', examples: pool.examples(), saltOf })
    await register.appendLineage([dataSetLine(manifest, HOUR)])
    await register.eraseUser('alice')
    const { examples, lost } = await readExamples(register, manifest)
    expect(lost).toEqual([prediction(41), prediction(42)])
    expect(verifyManifest(manifest, { examples, lost, salts: eraseSalts(salts, lost) })).toEqual({
      verified: 40,
      gaps: lost,
      broken: [],
    })
  })
})
