import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dataSetLine,
  derivedSalts,
  eraseSalts,
  manifestOf,
  manifestText,
  parseManifest,
  randomSalts,
  verifyManifest,
} from '@groundtrace/flywheel'
import { exampleOf, idOf } from './examples-made.ts'

const saltOf = ({ prediction }: { prediction: string }) => `salt${Number.parseInt(prediction, 16)}`
const made = (...numbers: number[]) =>
  manifestOf({ role: 'training', task: 'spam', examples: numbers.map((n) => exampleOf(n)), saltOf })
const SECRET = 'a secret that nobody knows'

describe('manifestOf', () => {
  // Expected values: computed apart from our code, with Python's hashlib and json (sort_keys, no white space).
  it('hashes salted lines, and the text of all lines, with SHA-256', () => {
    const { manifest } = made(1, 2)
    expect(manifest.lines[0]?.hash).toBe('a7f90a8c6f49aa3f650fb2b24c77f4effa5d1ebce9c5f6afec34c03744a5cfd7')
    expect(manifest.lines[1]?.hash).toBe('83f1a605fcaf9eb3f6888c06307ee1e116f9e23a93c5bd06e279560cd50a7fe9')
    expect(manifest.hash).toBe('20306b15338b1055b14ef1acc137a4d1390b2ad07c71ca1b545f82ba761c31cc')
    expect(manifest.dataSet).toBe('ds-20306b15338b1055')
  })

  it('has the hash that any SHA-256 gives for its text (here: Web Crypto)', async () => {
    const { manifest } = made(3, 1, 2)
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(manifestText(manifest)))
    expect(Buffer.from(digest).toString('hex')).toBe(manifest.hash)
  })

  it('names the same content alike, whatever the order of the examples', () => {
    expect(made(3, 1, 2)).toEqual(made(1, 2, 3))
  })

  it('names other content otherwise', () => {
    const other = manifestOf({ role: 'validation', task: 'spam', examples: [exampleOf(1)], saltOf })
    const relabelled = manifestOf({
      role: 'training',
      task: 'spam',
      examples: [exampleOf(1, { label: 'ham' })],
      saltOf,
    })
    const names = [made(1), made(1, 2), other, relabelled].map(({ manifest }) => manifest.dataSet)
    expect(new Set(names).size).toBe(4)
  })

  it('lists every member with example, prediction and all feedback, and no payload', () => {
    const feedback = [idOf(1, 'feedback'), idOf(7, 'feedback')]
    const example = exampleOf(1, { feedback, features: { words: ['personal'] } })
    const { manifest } = manifestOf({ role: 'training', task: 'spam', examples: [example] })
    expect(manifest.lines).toMatchObject([
      { example: idOf(1, 'feedback'), prediction: idOf(1), feedback, outcomeVersion: 1 },
    ])
    expect(manifestText(manifest)).not.toContain('personal')
    expect(dataSetLine(manifest, 5)).toEqual({
      kind: 'data-set-made',
      dataSet: manifest.dataSet,
      role: 'training',
      task: 'spam',
      hash: manifest.hash,
      members: [{ example: idOf(1, 'feedback'), prediction: idOf(1), feedback }],
      id: expect.stringMatching(/^data-set-made-[0-9a-f]{32}$/) as string,
      time: 5,
    })
  })

  it.each<[string, object, string]>([
    ['no examples', { examples: [] }, 'Wait for examples'],
    ['an unknown role', { role: 'test' }, 'training or validation'],
    ['a task that is no name', { task: '' }, '1 to 64'],
    ['an example of another task', { examples: [exampleOf(1, { task: 'topic' })] }, 'of task spam only'],
    ['two examples of one prediction', { examples: [exampleOf(1), exampleOf(1)] }, 'the latest one only'],
    ['one salt for all', { saltOf: () => 'salt' }, 'randomSalts()'],
    [
      'a feature that JSON can not say',
      { examples: [exampleOf(1, { features: { x: Number.NaN } })] },
      'finite numbers',
    ],
  ])('refuses %s', (_, fields, nextStep) => {
    const options = { role: 'training', task: 'spam', examples: [exampleOf(1), exampleOf(2)], ...fields }
    expect(() => manifestOf(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(nextStep) as string }),
    )
  })
})

describe('parseManifest', () => {
  it('reads back what manifestText wrote', () => {
    const { manifest } = made(1, 2, 3)
    expect(parseManifest(manifestText(manifest))).toEqual(manifest)
  })

  it('refuses a text with any line left out, repeated or swapped, and any that is no manifest', () => {
    const rows = manifestText(made(1, 2, 3).manifest)
      .trimEnd()
      .split('\n')
    const [head = '', first = '', second = '', third = ''] = rows
    const texts = [
      '',
      'no JSON',
      'null',
      '{"format":"other"}',
      [head, first, second].join('\n'),
      `${[head, first, second].join('\n')}\n`,
      `${[head, first, first, second, third].join('\n')}\n`,
      `${[head, first, second, '{"hash":"0"}'].join('\n')}\n`,
      `${[head, first, second, 'null'].join('\n')}\n`,
      `${rows.join('\n')}\n\n`,
      rows.join('\n'),
      ` ${rows.join('\n')}\n`,
    ]
    for (const text of [...texts, undefined]) {
      expect(() => parseManifest(text as string)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    }
  })
})

describe('verifyManifest', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 10 })

  it('verifies every line of what is still there, and knows what was erased', () => {
    fc.assert(
      fc.property(numbers, fc.func(fc.boolean()), (numbers, isErased) => {
        const { manifest, salts } = made(...numbers)
        const lost = numbers.filter((n) => isErased(n)).map((n) => idOf(n))
        const examples = numbers.map((n) => exampleOf(n)).filter(({ prediction }) => !lost.includes(prediction))
        const check = verifyManifest(manifest, { examples, salts: eraseSalts(salts, lost), lost })
        expect(check.broken).toEqual([])
        expect(new Set(check.gaps)).toEqual(new Set(lost))
        expect(check.verified).toBe(examples.length)
      }),
    )
  })

  it('finds every change of an example', () => {
    const { manifest, salts } = made(1, 2)
    const changes = [
      { label: 'ham' },
      { features: { words: [9] } },
      { feedback: [] },
      { outcomeVersion: 2 },
      { time: 60_001 },
      { propensity: 0.1 },
      { authority: 'expert' as const },
    ]
    for (const change of changes) {
      const examples = [exampleOf(1, change), exampleOf(2)]
      const { verified, broken } = verifyManifest(manifest, { examples, salts })
      expect(broken).toEqual([{ prediction: idOf(1), why: 'Its example reads otherwise now' }])
      expect(verified).toBe(1)
    }
  })

  it('finds what is gone without having been erased', () => {
    const { manifest, salts } = made(1, 2)
    const check = verifyManifest(manifest, { examples: [exampleOf(1)], salts: eraseSalts(salts, [idOf(1)]) })
    expect(check.verified).toBe(0)
    expect(check.broken.map(({ why }) => why)).toEqual([
      'Its salt is gone although it was not erased',
      'Its example is gone although it was not erased',
    ])
  })

  it('finds a manifest whose lines were changed', () => {
    const { manifest, salts } = made(1, 2)
    const cut = { ...manifest, lines: manifest.lines.slice(1) }
    const { broken } = verifyManifest(cut, { examples: [exampleOf(2)], salts })
    expect(broken).toMatchObject([{ why: expect.stringContaining(manifest.hash) as string }])
  })
})

const nameUnder = (secret: string) =>
  manifestOf({ role: 'training', task: 'spam', examples: [exampleOf(1)], saltOf: derivedSalts(secret) }).manifest
    .dataSet

describe('salts', () => {
  it('are random, 128 bits each', () => {
    const saltOf = randomSalts()
    expect(saltOf(exampleOf(1))).toMatch(/^[0-9a-f]{32}$/)
    expect(saltOf(exampleOf(1))).not.toBe(saltOf(exampleOf(1)))
    expect(randomSalts((size) => new Uint8Array(size).fill(255))(exampleOf(1))).toBe('f'.repeat(32))
  })

  it('can be derived, as HMAC-SHA-256 says (value from Python’s hmac)', () => {
    expect(derivedSalts('sixteen letters!')(exampleOf(1))).toBe('0c3d00d458dcc77291814831527fb111')
  })

  it('that are derived give the same data set its name on every run, and another secret another name', () => {
    expect(nameUnder(SECRET)).toBe(nameUnder(SECRET))
    expect(nameUnder(SECRET)).not.toBe(nameUnder(`${SECRET}!`))
  })

  it('refuse a short secret, and don’t repeat it', () => {
    expect(() => derivedSalts('hunter2')).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    expect(() => derivedSalts('hunter2')).not.toThrow(/hunter2/)
    expect(() => derivedSalts(undefined as never)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
    const random: unknown = 'abc'
    expect(() => randomSalts(random as () => Uint8Array)).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
  })
})
