import {
  formatTrackingId,
  memberVerdict,
  sharesTruth,
  type Prediction,
  type TrackingId,
  type Verdict,
} from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'
import { id, predictionOf, TASKS } from './spam-filter.ts'

const row = (n: number, at: number): TrackingId => `${id(n)}-${at}` as TrackingId

const whole = predictionOf('binary', { id: id(1) })
const member = predictionOf('binary', { id: id(2), parent: id(1), whole: id(1) })

describe('a member shares the truth of its whole', () => {
  test.each<readonly [what: string, whole: Partial<Prediction>, member: Partial<Prediction>, shares: boolean]>([
    ['of one task and one case', {}, {}, true],
    ['deep inside of it', {}, { parent: id(7) }, true],
    ['with a business key that the member did not repeat', { entity: 'a' }, {}, true],
    ['with one business key', { entity: 'a' }, { entity: 'a' }, true],
    ['not about another case, such as a paragraph', { entity: 'a' }, { entity: 'a/1' }, false],
    ['not where only the member says what it is about', {}, { entity: 'a' }, false],
    ['not of another task', {}, { task: TASKS.multiclass, value: 'work' }, false],
    ['not where another whole is named', {}, { whole: id(9) }, false],
    ['not as one row of many', {}, { id: row(2, 0) }, false],
    ['as the row with its key', { entity: 'a' }, { id: row(2, 0), entity: 'a' }, true],
    ['not of one row of many', { id: row(1, 0) }, {}, false],
    ['of the row with its key', { id: row(1, 0), entity: 'a' }, { entity: 'a' }, true],
    ['not of the row with another key', { id: row(1, 1), entity: 'b' }, { entity: 'a' }, false],
    ['of the very row that it names', { id: row(1, 0), entity: 'a' }, { whole: row(1, 0), entity: 'a' }, true],
  ])('%s', (_, ofWhole, ofMember, shares) => {
    expect(sharesTruth({ ...whole, ...ofWhole }, { ...member, ...ofMember })).toBe(shares)
  })
})

test('what answers its task itself shares no truth, wherever it was made', () => {
  const { whole: _, ...alone } = member
  expect(sharesTruth(whole, alone)).toBe(false)
})

const settled = (verdict: Partial<Verdict>): Verdict => ({ state: 'settled', authority: 'rating', ...verdict })

describe('a member was right', () => {
  test.each<readonly [what: string, verdict: Verdict, correct: boolean | undefined]>([
    ['when it said the truth', settled({ label: 'spam', correct: false }), true],
    ['or not', settled({ label: 'ham', correct: true }), false],
    ['not when it said what is ruled out', settled({ ruledOut: ['spam'], correct: false }), false],
    ['perhaps when another class is ruled out', settled({ ruledOut: ['ham'], correct: false }), undefined],
    ['perhaps when only the whole is known to be right', settled({ correct: true }), undefined],
    ['perhaps when people disagree', { state: 'contested' }, undefined],
    ['perhaps when nobody said anything', { state: 'expired' }, undefined],
    ['perhaps when what was said was taken back', { state: 'retracted', label: 'spam' }, undefined],
  ])('%s', (_, verdict, correct) => {
    expect(memberVerdict(member, verdict)).toBe(correct)
  })

  test('within the tolerance of its task', () => {
    const minutes = predictionOf('regression', { parent: id(1), whole: id(1), id: id(2) })
    expect(memberVerdict(minutes, settled({ label: 12 }))).toBe(true)
    expect(memberVerdict(minutes, settled({ label: 13 }))).toBe(false)
  })

  test('never when it failed', () => {
    const { value: _, ...failed } = { ...member, error: 'TimeoutError' }
    expect(memberVerdict(failed, settled({ label: 'spam' }))).toBeUndefined()
  })
})

test('what is no prediction is refused', () => {
  for (const junk of [undefined, null, {}, 'x'] as unknown as Prediction[]) {
    expect(() => sharesTruth(junk, member)).toThrow(refusal('invalid-prediction'))
    expect(() => sharesTruth(whole, junk)).toThrow(refusal('invalid-prediction'))
    expect(() => memberVerdict(junk, { state: 'expired' })).toThrow(refusal('invalid-prediction'))
  }
})

test('IDs of the tests are IDs', () => {
  expect(row(1, 0)).toBe(formatTrackingId({ traceId: 'f'.repeat(32), spanId: '0000000000000001', row: 0 }))
})
