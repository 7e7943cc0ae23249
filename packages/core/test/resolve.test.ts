import { AUTHORITIES, resolve, type Answer, type Feedback, type Prediction, type Resolution } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { refusal } from './refusal.ts'
import { DAY, id, MADE, predictionOf, said } from './spam-filter.ts'

const blocked = predictionOf('binary')
const right: Answer = { kind: 'rating', right: true }
const wrong: Answer = { kind: 'rating', right: false }
const truth = (label: string): Answer => ({ kind: 'correction', label })
const order = (...label: string[]): Answer => ({ kind: 'correction', label })
const retraction = (n: number, retracts: number, fields = {}): Feedback =>
  said(n, { kind: 'retraction', retracts: id(retracts) }, fields)

test('nothing said leaves a prediction open', () => {
  expect(resolve(blocked, [])).toEqual({ state: 'open', evidence: [], held: [] })
})

describe('one answer settles', () => {
  test.each<readonly [what: string, prediction: Prediction, answer: Answer, verdict: object]>([
    ['right of two classes', blocked, right, { label: 'spam', correct: true, authority: 'rating' }],
    ['wrong of two classes', blocked, wrong, { label: 'ham', correct: false, authority: 'rating' }],
    ['right of many', predictionOf('multiclass'), right, { label: 'work', correct: true, authority: 'rating' }],
    ['wrong of many', predictionOf('multiclass'), wrong, { ruledOut: ['work'], correct: false, authority: 'rating' }],
    ['right of a number', predictionOf('regression'), right, { correct: true, authority: 'rating' }],
    ['wrong of a number', predictionOf('regression'), wrong, { correct: false, authority: 'rating' }],
    ['a correction', blocked, truth('ham'), { label: 'ham', correct: false, authority: 'correction' }],
    ['an outcome', blocked, { kind: 'outcome', label: 'spam' }, { label: 'spam', correct: true, authority: 'outcome' }],
  ])('%s', (_, prediction, answer, verdict) => {
    expect(resolve(prediction, [said(2, answer)])).toEqual({
      state: 'settled',
      ...verdict,
      evidence: [id(2)],
      held: [],
    })
  })

  test.each<Answer>([
    { kind: 'stars', stars: 3 },
    { kind: 'acceptance', editRate: 0.2 },
    { kind: 'action', action: 'click' },
    { kind: 'no-action' },
    { kind: 'harm', report: 'It named my child' },
    { kind: 'correction', label: 'eggs' },
  ])('but not %o', (answer) => {
    expect(resolve(blocked, [said(2, answer)])).toEqual({ state: 'open', evidence: [], held: [] })
  })

  test('a prediction that failed has a truth but was neither right nor wrong', () => {
    const { value: _, ...failed } = predictionOf('binary', { error: 'TimeoutError' })
    expect(resolve(failed, [said(2, truth('ham'))])).toEqual({
      state: 'settled',
      label: 'ham',
      authority: 'correction',
      evidence: [id(2)],
      held: [],
    })
  })
})

const BY_AUTHORITY: Readonly<Record<string, (label: string) => Answer>> = {
  expert: (label) => ({ kind: 'annotation', by: 'expert', label }),
  outcome: (label) => ({ kind: 'outcome', label }),
  crowd: (label) => ({ kind: 'annotation', by: 'crowd', label }),
  correction: truth,
  rating: (label) => ({ kind: 'rating', right: label === 'spam' }),
}
// The order of the architecture: expert, then automatic outcome, then settled crowd, then correction, then rating.
const ORDER = ['expert', 'outcome', 'crowd', 'correction', 'rating'] as const
const PAIRS = ORDER.flatMap((strong, n) => ORDER.slice(n + 1).map((weak) => [strong, weak] as const))

describe('authority', () => {
  test.each(PAIRS)('%s goes before %s, whoever spoke last', (strong, weak) => {
    const lines = (first: string, second: string): Feedback[] => [
      said(2, BY_AUTHORITY[first]?.(first === strong ? 'ham' : 'spam') ?? right),
      said(3, BY_AUTHORITY[second]?.(second === strong ? 'ham' : 'spam') ?? right),
    ]
    const verdict = { state: 'settled', label: 'ham', correct: false, authority: strong }
    expect(resolve(blocked, lines(strong, weak))).toMatchObject({ ...verdict, evidence: [id(2)] })
    expect(resolve(blocked, lines(weak, strong))).toMatchObject({ ...verdict, evidence: [id(3)] })
  })

  test('silence goes behind all of them', () => {
    expect(AUTHORITIES).toEqual([...ORDER, 'silence'])
  })

  test.each(ORDER)('two of %s with one answer settle on both', (name) => {
    const answer = BY_AUTHORITY[name]?.('ham') ?? right
    expect(resolve(blocked, [said(2, answer), said(3, answer, { source: 'auditor' })])).toMatchObject({
      state: 'settled',
      label: 'ham',
      evidence: [id(2), id(3)],
    })
  })

  test.each(ORDER)('two of %s with different answers are contested', (name) => {
    const lines = ['ham', 'spam'].map((label, n) => said(2 + n, BY_AUTHORITY[name]?.(label) ?? right))
    expect(resolve(blocked, lines)).toEqual({ state: 'contested', authority: name, evidence: [id(2), id(3)], held: [] })
  })

  test.each(['multiclass', 'regression'] as const)('right and wrong of a %s task are contested', (kind) => {
    const lines = [said(2, right), said(3, wrong)]
    expect(resolve(predictionOf(kind), lines)).toMatchObject({ state: 'contested', authority: 'rating' })
  })

  test('a stronger word ends a contest below it, and a replaced answer ends its own', () => {
    const contest = [said(2, truth('ham')), said(3, truth('spam'), { source: 'auditor' })]
    expect(resolve(blocked, [...contest, said(4, { kind: 'outcome', label: 'ham' })])).toMatchObject({
      state: 'settled',
      label: 'ham',
      evidence: [id(4)],
    })
    expect(resolve(blocked, [...contest, said(4, truth('spam'), { supersedes: id(2) })])).toMatchObject({
      state: 'settled',
      label: 'spam',
      evidence: [id(3), id(4)],
    })
  })

  test('rankings agree item by item', () => {
    const prediction = predictionOf('ranking')
    const same = [said(2, order('c', 'a')), said(3, order('c', 'a'))]
    expect(resolve(prediction, same)).toMatchObject({ state: 'settled', label: ['c', 'a'], correct: false })
    expect(resolve(prediction, [...same, said(4, order('a', 'c'))])).toMatchObject({ state: 'contested' })
  })
})

describe('a changed mind', () => {
  test('replaces what was said before', () => {
    const lines = [said(2, right), said(3, wrong, { supersedes: id(2) })]
    expect(resolve(blocked, lines)).toMatchObject({ label: 'ham', evidence: [id(3)] })
  })

  test('replaces along a chain of any length, in any order of arrival', () => {
    const lines = [said(2, right), said(3, wrong, { supersedes: id(2) }), said(4, right, { supersedes: id(3) })]
    for (const arrived of [lines, lines.toReversed(), [lines[1], lines[2], lines[0]] as Feedback[]]) {
      expect(resolve(blocked, arrived)).toMatchObject({ label: 'spam', evidence: [id(4)] })
    }
  })

  test('that withdraws everything leaves the prediction retracted, before and after the horizon', () => {
    const lines = [said(2, wrong), retraction(3, 2)]
    expect(resolve(blocked, lines)).toEqual({ state: 'retracted', evidence: [], held: [] })
    expect(resolve(blocked, lines, { now: MADE + 30 * DAY })).toMatchObject({ state: 'retracted' })
  })

  test('to a middle star withdraws a truth', () => {
    const lines = [said(2, wrong), said(3, { kind: 'stars', stars: 3 }, { supersedes: id(2) })]
    expect(resolve(blocked, lines)).toMatchObject({ state: 'retracted' })
  })

  test('about something that proved nothing leaves the prediction open', () => {
    const lines = [said(2, { kind: 'stars', stars: 3 }), retraction(3, 2)]
    expect(resolve(blocked, lines)).toMatchObject({ state: 'open' })
  })

  test('leaves the weaker answers of others in force', () => {
    const lines = [said(2, truth('ham')), said(3, right, { source: 'auditor' }), retraction(4, 2)]
    expect(resolve(blocked, lines)).toMatchObject({ state: 'settled', label: 'spam', authority: 'rating' })
  })

  test('does not bring back what was replaced before', () => {
    const lines = [said(2, right), said(3, wrong, { supersedes: id(2) }), retraction(4, 3)]
    expect(resolve(blocked, lines)).toMatchObject({ state: 'retracted' })
  })

  test('about a retraction does not undo it', () => {
    const lines = [said(2, wrong), retraction(3, 2), retraction(4, 3)]
    expect(resolve(blocked, lines)).toMatchObject({ state: 'retracted' })
  })

  test.each([
    ['replacing', said(3, right, { source: 'stranger', supersedes: id(2) })],
    ['retracting', retraction(3, 2, { source: 'stranger' })],
  ])('of another source has no effect: %s', (_, foreign) => {
    expect(resolve(blocked, [said(2, truth('ham')), foreign])).toMatchObject({ label: 'ham', evidence: [id(2)] })
  })

  test('about a line that is not there has no effect', () => {
    expect(resolve(blocked, [said(3, wrong, { supersedes: id(9) }), retraction(4, 8)])).toMatchObject({
      label: 'ham',
      evidence: [id(3)],
    })
  })
})

test('feedback whose payload was erased, or that came under other rules, still counts', () => {
  const erased = said(2, { kind: 'harm' } as Answer)
  const long = said(3, wrong, { comment: 'x'.repeat(100_000) })
  expect(resolve(blocked, [erased, long])).toMatchObject({ state: 'settled', label: 'ham', evidence: [id(3)] })
})

describe('misuse', () => {
  test('feedback on another prediction is refused', () => {
    const foreign = said(3, right, { target: { prediction: id(7) } })
    expect(() => resolve(blocked, [said(2, right), foreign])).toThrow(refusal('invalid-argument', /is about/))
  })

  test('a line given twice counts once; two lines with one ID are refused', () => {
    const line = said(2, right)
    const twice: Resolution = resolve(blocked, [line, structuredClone(line)])
    expect(twice).toEqual(resolve(blocked, [line]))
    expect(() => resolve(blocked, [line, said(2, wrong)])).toThrow(refusal('invalid-argument', /have the ID/))
  })

  test.each([[Number.NaN], [Infinity], ['2026'], [null], [1n]])('now %o is refused', (now) => {
    expect(() => resolve(blocked, [], { now: now as number })).toThrow(refusal('invalid-argument', /now .* is no time/))
  })

  test.each([[undefined], [null], ['right'], [said(2, right)], [new Set()]])('%o is no list of feedback', (lines) => {
    expect(() => resolve(blocked, lines as unknown as Feedback[])).toThrow(
      refusal('invalid-argument', /no list of feedback/),
    )
  })

  test('what is no prediction or no feedback is refused', () => {
    expect(() => resolve({} as Prediction, [])).toThrow(refusal('invalid-prediction'))
    expect(() => resolve(blocked, [{} as Feedback])).toThrow(refusal('invalid-feedback'))
  })
})
