import { expect, test } from 'vitest'
import { recentVersions } from '../src/recent-versions.ts'

const counted = (version: string, value = 1, model = 'm') => ({ name: 'n', labels: { model, version }, value })
const versionsOf = (counts: readonly { labels: Readonly<Record<string, string>> }[]) =>
  counts.map(({ labels }) => labels['version'])

test('shows the versions of each model whose counts moved last', () => {
  const recent = recentVersions(2)
  recent([counted('a'), counted('b'), counted('c'), counted('z', 1, 'other-model')])
  const shown = recent([counted('a', 2), counted('b'), counted('c'), counted('z', 1, 'other-model')])
  expect(versionsOf(shown)).toEqual(['a', 'c', 'z'])
})

test('without any movement yet the later name comes first, numbers read as numbers', () => {
  expect(versionsOf(recentVersions(2)([counted('v9'), counted('v10'), counted('v2')]))).toEqual(['v9', 'v10'])
})

test('a version that was left out comes back with its whole count when it moves', () => {
  const recent = recentVersions(1)
  expect(recent([counted('v1', 7), counted('v2')])).toEqual([counted('v2')])
  expect(recent([counted('v1', 8), counted('v2')])).toEqual([counted('v1', 8)])
})

test('keeps what is about no version', () => {
  const retraining = { name: 'n', labels: { model: 'm', trigger: 'drift' }, value: 1 }
  expect(recentVersions(1)([retraining, counted('v1')])).toEqual([retraining, counted('v1')])
})

const made = (version: string, data_set: string) => ({ name: 'i', labels: { model: 'm', version, data_set }, value: 1 })
const dataSet = (data_set: string) => ({ name: 'd', labels: { data_set }, value: 5 })

test('shows the data sets of the versions it shows', () => {
  const shown = recentVersions(1)([made('v1', 'd1'), made('v2', 'd2'), dataSet('d1'), dataSet('d2')])
  expect(shown).toEqual([made('v2', 'd2'), dataSet('d2')])
})
