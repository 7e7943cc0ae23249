import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { questionsOf } from '../../src/plan/config-tags.ts'
import { guidelinesOf } from '../../src/plan/guidelines.ts'
import { labelConfig } from '../../src/plan/label-config.ts'
import { literal } from '../../src/plan/literal.ts'
import type { PlannedProject } from '../../src/plan/plan.ts'
import { readPlan } from '../../src/plan/read-plan.ts'
import { MAIL_PLAN } from './mail-plan.ts'

const [crowd] = readPlan(MAIL_PLAN).tasks.flatMap(({ projects }) => projects) as [PlannedProject]

/** Names of the tags of a config, in order. */
const names = (config: string) => [...config.matchAll(/<([A-Za-z]+)/g)].map((match) => match[1])

describe('the label config', () => {
  test('asks for the label, a share of each class, the flag and its note, and holds the version of the guidelines', () => {
    expect([...questionsOf(labelConfig(crowd))]).toEqual([
      ['answer', ['ham', 'spam']],
      ['share_ham', []],
      ['share_spam', []],
      ['unclear', ['unclear']],
      ['unclear_note', []],
      ['guidelines', [crowd.guidelines.version]],
    ])
  })

  test('asks for no shares where the plan does not', () => {
    expect([...questionsOf(labelConfig({ ...crowd, shares: false })).keys()]).not.toContain('share_ham')
  })

  test('asks about the first of what is shown, whichever that is', () => {
    const turned = labelConfig({ ...crowd, shown: crowd.shown.toReversed() })
    expect(turned).toMatch(/<Text name="item" value="\$body" valueType="text"\/>/)
    expect(turned).toMatch(/<Text name="item_2" value="\$subject" valueType="text"\/>/)
  })

  test('shows features as text only', () => {
    expect(labelConfig(crowd)).not.toMatch(/HyperText|Paragraphs|\$(?!subject"|body"|\u2060)/)
  })

  test('is XML of which no text can make tags or attributes, and keeps every class', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((some) => !/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(some))
    const hostile = fc.oneof(
      text,
      fc.constantFrom('"/><Choice value="x', "' onx='", ']]>', '<!--', '&lt;', '&#60;', '{{idx}}', '$body'),
    )
    const plain = labelConfig({
      ...crowd,
      classes: [
        { name: 'a', text: 'a', hint: 'a' },
        { name: 'b', text: 'b', hint: 'b' },
      ],
    })
    fc.assert(
      fc.property(fc.uniqueArray(hostile, { minLength: 2, maxLength: 2 }), hostile, (classes, other) => {
        const config = labelConfig({
          ...crowd,
          question: other,
          guidelines: guidelinesOf(other),
          classes: classes.map((name) => ({ name, text: name, hint: other })),
        })
        expect(names(config)).toEqual(names(plain))
        expect(questionsOf(config).get('answer')).toEqual(classes)
      }),
    )
  })

  test('leaves a class that is called like a truth value its name', () => {
    const classes = ['true', 'false'].map((name) => ({ name, text: name }))
    expect(labelConfig({ ...crowd, classes })).toMatch(/<Choice value="true"\/>/)
    expect(questionsOf(labelConfig({ ...crowd, classes })).get('answer')).toEqual(['true', 'false'])
  })
})

describe('a literal text', () => {
  test('has nothing that Label Studio would replace, and reads the same', () => {
    // As the editor of 1.23.2 replaces names (libs/editor/src/utils/data).
    const replaced = /\$[\w[\].{}]+/gi
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', 'a', '_', '{', '.', ' ', '1', '[') }), (text) => {
        expect(literal(text)).not.toMatch(replaced)
        expect(literal(text).replaceAll('\u2060', '')).toBe(text)
      }),
    )
  })
})

describe('the questions of a config that somebody wrote by hand', () => {
  test.each([
    ["<View><Choices name='answer' toName='t'><Choice value='A'/></Choices></View>", ['A']],
    [
      '<Choices name="answer" toName="t"><!-- <Choice value="B"/> --><Choice value="A &amp; B&#33;"/></Choices>',
      ['A & B!'],
    ],
    [
      '<Choices toName="t" name = "answer"><View><Choice alias="a" value="A"/></View><Choice value="b"></Choice></Choices>',
      ['a', 'b'],
    ],
    ['<Choices name="answer" toName="t"/><Choices name="x" toName="t"><Choice value="A"/></Choices>', []],
    ['<Choices name="answer" toName="t"><Choice value="A"', []],
    ['no XML', undefined],
  ])('%s', (config, expected) => {
    expect(questionsOf(config).get('answer')).toEqual(expected)
  })

  test('are read in time that grows with its length', () => {
    const started = performance.now()
    for (const hostile of ['<a "', '<a b="', '<a \'"', '<!--', '<a =', '<![CDATA['])
      questionsOf(hostile.repeat(100_000))
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
