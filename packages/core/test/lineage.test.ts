import { checkedLineage, type LineageLine } from '@groundtrace/core'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { junk } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'
import { id, MADE } from './spam-filter.ts'

const member = { example: id(2), prediction: id(1), feedback: [id(2), id(3)] }

const LINES: readonly LineageLine[] = [
  {
    kind: 'data-set-made',
    dataSet: 'spam-1',
    role: 'training',
    task: 'spam',
    hash: 'a'.repeat(64),
    members: [member, { ...member, feedback: [] }],
    id: 'l1',
    time: MADE,
  },
  { kind: 'retraining-asked', model: 'filter', trigger: 'drift', reason: 'PSI 0.4 > 0.2', id: 'l2', time: MADE },
  { kind: 'version-trained', model: 'filter', version: 'v2', trainedOn: 'spam-1', id: 'l3', time: MADE },
  {
    kind: 'gate-decided',
    model: 'filter',
    candidate: 'v2',
    champion: 'v1',
    verdict: 'promote',
    reason: 'better by 0.03 ± 0.01',
    id: 'l4',
    time: MADE,
  },
  { kind: 'version-deployed', model: 'filter', version: 'v2', reason: 'gate', id: 'l5', time: MADE },
  { kind: 'version-retired', model: 'filter', version: 'v1', reason: 'replaced', id: 'l6', time: MADE },
  { kind: 'version-seen', model: 'filter', version: 'v2', id: 'l7', time: MADE },
]

describe.each(LINES.map((line) => [line.kind, line] as const))('%s', (kind, line) => {
  test('passes as the very same object', () => {
    expect(checkedLineage(line)).toBe(line)
  })

  test.each(Object.keys(line).filter((field) => field !== 'kind'))('needs its %s', (field) => {
    const { [field as 'id']: _, ...without } = line
    expect(() => checkedLineage(without as LineageLine)).toThrow(
      refusal('invalid-lineage', new RegExp(`${kind}: ${field} is`)),
    )
  })

  test('meets junk in any one field with a typed error or not at all', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(line)), junk, (field, value) => {
        expect(rawErrorOf(() => checkedLineage({ ...line, [field]: value }))).toBeUndefined()
      }),
    )
  })
})

const made = LINES[0] as LineageLine & { kind: 'data-set-made' }

test.each([
  ['a hash in upper case', { hash: 'A'.repeat(64) }, /hash/],
  ['a hash in a list', { hash: ['a'.repeat(64)] }, /hash/],
  ['a role nobody knows', { role: 'test' }, /role/],
  ['members that are no list', { members: { 0: member } }, /members/],
  ['a member of null', { members: [null] }, /members/],
  ['a member without feedback', { members: [{ example: id(2), prediction: id(1) }] }, /members/],
  ['a member whose feedback is no ID', { members: [{ ...member, feedback: ['x'] }] }, /members/],
  ['a hole among the members', { members: Object.assign([], { 1: member }) }, /members/],
  ['an ID too long', { id: 'x'.repeat(129) }, /id/],
  ['a time that is no number', { time: Number.NaN }, /time/],
])('%s is refused', (_, fields, cause) => {
  expect(() => checkedLineage({ ...made, ...fields } as unknown as LineageLine)).toThrow(
    refusal('invalid-lineage', cause),
  )
})

test('a version that was validated on something says on what', () => {
  const trained = { ...LINES[2], validatedOn: '' } as LineageLine
  expect(() => checkedLineage(trained)).toThrow(refusal('invalid-lineage', /validatedOn/))
  expect(checkedLineage({ ...trained, validatedOn: 'spam-2' } as LineageLine)).toMatchObject({ validatedOn: 'spam-2' })
})

test('a version that was seen says which one was seen before it, and never itself', () => {
  const seen = LINES.at(-1) as LineageLine
  expect(checkedLineage({ ...seen, previous: 'v1' } as LineageLine)).toMatchObject({ previous: 'v1' })
  for (const previous of ['', 'v2', 1]) {
    expect(() => checkedLineage({ ...seen, previous } as LineageLine)).toThrow(refusal('invalid-lineage', /previous/))
  }
})

test.each([
  [undefined],
  [null],
  [{}],
  [[]],
  ['version-trained'],
  [{ kind: '__proto__' }],
  [{ kind: 'constructor' }],
  [{ kind: Object.create(null) as object }],
])('%o is no lineage line', (value) => {
  expect(() => checkedLineage(value as unknown as LineageLine)).toThrow(refusal('invalid-lineage'))
})

test.each(LINES)('a $kind keeps no field that it does not have, nor do its members', (line) => {
  const who = 'bob@example.com'
  const members = 'members' in line ? { members: line.members.map((one) => ({ ...one, who })) } : {}
  const more: object = { ...line, ...members, who }
  expect(checkedLineage(more as LineageLine)).toEqual(line)
})
