import { expect, test } from 'vitest'
import { labelLimits } from '../src/label-limits.ts'
import type { Bound } from '../src/labels.ts'

const bounds = new Map<string, Bound>([
  ['version', { kind: 'words', most: 2 }],
  ['status', { kind: 'one of', values: ['stored'] }],
])
const counted = (version: string, value = 1) => ({ name: 'n', labels: { version, status: 'stored' }, value })

test('the first words keep their names, later ones are other and one count', () => {
  const limits = labelLimits(bounds)
  expect(limits.within([counted('a'), counted('b'), counted('c', 2), counted('d', 3), counted('a', 4)])).toEqual([
    counted('a', 5),
    counted('b'),
    counted('other', 5),
  ])
})

test('a name once given stays: no counter is folded into another later', () => {
  const limits = labelLimits(bounds)
  limits.within([counted('a'), counted('b'), counted('c')])
  expect(limits.within([counted('b')])).toEqual([counted('b')])
  expect(limits.within([counted('c')])).toEqual([counted('other')])
})

test('names learned from the store come first after a restart', () => {
  const limits = labelLimits(bounds)
  limits.learn([counted('x'), counted('y')])
  expect(limits.within([counted('a'), counted('x')])).toEqual([counted('other'), counted('x')])
})

test('calling it again with the same lines gives the same counts, as the register may', () => {
  const limits = labelLimits(bounds)
  const lines = [counted('a'), counted('b'), counted('c')]
  expect(limits.within(lines)).toEqual(limits.within(lines))
})

test('labels that are bounded otherwise, and the bucket of a histogram, stay as they are', () => {
  const count = { name: 'n', labels: { status: 'anything', le: '0.1' }, value: 1 }
  expect(labelLimits(bounds).within([count])).toEqual([count])
})
