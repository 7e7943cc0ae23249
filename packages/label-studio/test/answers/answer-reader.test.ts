import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ANSWER_FAULTS } from '../../src/answers/answer.ts'
import { answerReader } from '../../src/answers/answer-reader.ts'
import { shareControl } from '../../src/answers/control-names.ts'

/** As Label Studio 1.23.2 sends it when somebody hands in a page of ours. */
const choices = (name: string, ...chosen: readonly unknown[]) => ({
  value: { choices: chosen },
  id: 'Lwb24t0fTz',
  from_name: name,
  to_name: 'item',
  type: 'choices',
  origin: 'manual',
})
const number = (name: string, value: unknown) => ({ value: { number: value }, from_name: name, type: 'number' })
const note = (text: unknown) => ({ value: { text }, from_name: 'unclear_note', type: 'textarea' })
const shares = (ham: unknown, spam: unknown) => [number('share_ham', ham), number('share_spam', spam)]

const read = answerReader({ classes: ['ham', 'spam'], shares: true })
const of = (...result: readonly unknown[]) => read({ result, skipped: false })

describe('an answer as the page sends it', () => {
  test('has its label, its shares, its flag with the note, and the version of the guidelines', () => {
    const answer = of(
      choices('guidelines', '1a2b3c4d5e6f'),
      choices('answer', 'ham'),
      ...shares(60, 40),
      choices('unclear', 'unclear'),
      note(['why <b>?', 'really']),
    )
    expect(answer).toEqual({
      label: 'ham',
      shares: { ham: 0.6, spam: 0.4 },
      unclear: true,
      note: 'why <b>?\nreally',
      guidelineVersion: '1a2b3c4d5e6f',
      faults: [],
    })
  })

  test('that was skipped has no label, whatever was entered before, but its flag', () => {
    const result = [choices('answer', 'ham'), ...shares(60, 40), choices('unclear', 'unclear')]
    expect(read({ result, skipped: true })).toEqual({ unclear: true, faults: [] })
  })

  test('may be a flag alone', () => {
    expect(of(choices('unclear', 'unclear'))).toEqual({ unclear: true, faults: [] })
  })

  test('has no note without the flag', () => {
    expect(of(choices('answer', 'ham'), note(['x']))).toEqual({ label: 'ham', unclear: false, faults: [] })
  })
})

describe('what is no answer of ours is left out, and said', () => {
  test.each([
    ['another class', [choices('answer', 'ZZZ')], ['no-label', 'unknown-choice']],
    ['a class of a prototype', [choices('answer', 'constructor')], ['no-label', 'unknown-choice']],
    ['two labels', [choices('answer', 'ham', 'spam')], ['no-label', 'several-choices']],
    ['the question twice', [choices('answer', 'ham'), choices('answer', 'ham')], ['no-label', 'repeated-control']],
    ['nothing', [], ['no-label']],
    ['an entry without a name', [{ foo: 1 }], ['malformed', 'no-label']],
    ['an entry that is null', [null], ['malformed', 'no-label']],
    ['another kind of entry', [{ ...choices('answer', 'ham'), type: 'rating' }], ['malformed', 'no-label']],
    ['choices that are none', [{ ...choices('answer'), value: { choices: 'ham' } }], ['malformed', 'no-label']],
    ['choices of numbers', [choices('answer', 7)], ['malformed', 'no-label']],
    ['more entries than a page can make', Array(1001).fill(choices('answer', 'ham')), ['no-label', 'too-large']],
  ])('%s', (_, result, faults) => {
    expect(of(...result)).toEqual({ unclear: false, faults })
  })

  test.each([null, 'ham', 7, { length: 1 }])('a result that is %j', (result) => {
    const { label, faults } = read({ result: result as never, skipped: false })
    expect(label).toBeUndefined()
    expect(faults).toContain('no-label')
  })

  test.each([
    ['a question that was not asked', choices('zzz', 'ham'), 'foreign-control'],
    ['another box than that of the flag', choices('unclear', 'perhaps'), 'unknown-choice'],
    ['guidelines that are no version', choices('guidelines', '<b>'), 'malformed'],
  ])('%s, while the label counts', (_, entry, fault) => {
    expect(of(choices('answer', 'spam'), entry)).toEqual({ label: 'spam', unclear: false, faults: [fault] })
  })

  test('a note that is too long, while the flag counts', () => {
    const answer = of(choices('unclear', 'unclear'), note(['x'.repeat(20_000)]))
    expect(answer).toEqual({ unclear: true, faults: ['too-large'] })
  })

  test('what a terminal would obey in a note', () => {
    expect(of(choices('unclear', 'unclear'), note('\u001b[31mred\u001b[0m \u202eback\ttab\u0000')).note).toBe(
      '[31mred[0m back\ttab',
    )
  })

  test('shares, when they were not asked for', () => {
    const plain = answerReader({ classes: ['ham', 'spam'], shares: false })
    const answer = plain({ result: [choices('answer', 'ham'), ...shares(60, 40)], skipped: false })
    expect(answer).toEqual({ label: 'ham', unclear: false, faults: ['foreign-control'] })
  })
})

describe('shares', () => {
  test.each([
    ['that add up', 60, 40, { ham: 0.6, spam: 0.4 }],
    ['that miss 100 by what rounding two of them makes', 60, 41, { ham: 60 / 101, spam: 41 / 101 }],
    ['of nobody and everybody', 0, 100, { ham: 0, spam: 1 }],
  ])('%s are divided by their sum', (_, ham, spam, expected) => {
    expect(of(choices('answer', 'ham'), ...shares(ham, spam)).shares).toEqual(expected)
  })

  test.each([
    ['that add up to 102', 60, 42, 'shares-sum'],
    ['that add up to 0', 0, 0, 'shares-sum'],
    ['below 0', -10, 110, 'shares-out-of-range'],
    ['that are no numbers', '60', 40, 'malformed'],
    ['that are not finite', Number.NaN, 40, 'malformed'],
  ])('%s are left out, while the label counts', (_, ham, spam, fault) => {
    const answer = of(choices('answer', 'ham'), ...shares(ham, spam))
    expect(answer).toEqual({ label: 'ham', unclear: false, faults: [fault] })
  })

  test('of some classes only are left out', () => {
    expect(of(choices('answer', 'ham'), number('share_ham', 100)).faults).toEqual(['shares-missing'])
  })

  test('each have a question of their own, whatever the classes are called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(shareControl(a) === shareControl(b)).toBe(a === b)
        expect(shareControl(a)).toMatch(/^share_\w*$/)
      }),
    )
  })
})

test('anything at all is read, into classes that were asked for and reasons that are known', () => {
  const something = fc.oneof(
    fc.anything(),
    fc.record({
      from_name: fc.constantFrom('answer', 'unclear', 'unclear_note', 'guidelines', 'share_ham', '__proto__', 'zzz'),
      type: fc.constantFrom('choices', 'number', 'textarea', 'toString'),
      value: fc.oneof(
        fc.anything(),
        fc.record({ choices: fc.anything() }),
        fc.record({ number: fc.anything() }),
        fc.record({ text: fc.array(fc.string()) }),
      ),
    }),
  )
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.array(something)), fc.boolean(), (result, skipped) => {
      const { label, faults } = read({ result: result as never, skipped })
      expect([undefined, 'ham', 'spam']).toContain(label)
      for (const fault of faults) expect(ANSWER_FAULTS).toContain(fault)
    }),
  )
})
