import { dawidSkene, mace, type Rating, seededRandom, sharedErrors } from '@groundtrace/statistics'
import { describe, expect, test } from 'vitest'
import { refusal } from '../refusal.ts'
import { coin, simulatedCrowd } from './random-answers.ts'

const skilled = (seed: string, skills: readonly number[], units = 500) =>
  simulatedCrowd({
    seed,
    units,
    perUnit: 6,
    prior: [0.4, 0.3, 0.3],
    confusions: skills.map((skill) => coin(skill, 3)),
  }).rows

/** Rater 1 takes over the answer of rater 0 with this probability. */
function copied(rows: readonly Rating[], share: number, seed: string): Rating[] {
  const random = seededRandom(seed)
  const answers = new Map(rows.filter(({ rater }) => rater === 0).map(({ unit, value }) => [unit, value]))
  return rows.map((row) =>
    row.rater === 1 && random() < share ? { ...row, value: answers.get(row.unit) ?? row.value } : row,
  )
}

const skills = [0.75, 0.75, 0.8, 0.85, 0.9, 0.7, 0.75, 0.8]

test('finds a rater who copies half of the time, and nobody else', () => {
  const rows = copied(skilled('copy', skills), 0.5, 'half')
  const { pairs, untested } = sharedErrors(dawidSkene(rows), rows)
  expect(untested).toBe(0)
  expect(pairs.length).toBe((8 * 7) / 2)
  expect(pairs.filter(({ suspicious }) => suspicious).map(({ raters }) => raters)).toEqual([[0, 1]])
  expect(pairs[0]?.shared).toBeGreaterThan(2 * (pairs[0]?.expected ?? Infinity))
  expect(pairs[0]?.adjusted).toBeLessThan(0.001)
})

test('accuses honest crowds no more often than the level allows, also where they err a lot', () => {
  const runs = 60
  const accused = Array.from({ length: runs }, (_, run) => {
    const rows = skilled(`honest ${run}`, [0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.6, 0.7], 300)
    return sharedErrors(dawidSkene(rows), rows).pairs.some(({ suspicious }) => suspicious)
  }).filter(Boolean).length
  // At most 5 % of 60; 9 are exceeded with probability 0.001.
  expect(accused).toBeLessThanOrEqual(9)
})

test('accuses nobody for sharing the difficulty of units', () => {
  const runs = 60
  const accused = Array.from({ length: runs }, (_, run) => {
    // One unit of four is hard: there everybody is right for half of the answers only.
    const easy = skilled(`easy ${run}`, [0.95, 0.9, 0.9, 0.85, 0.95, 0.9, 0.85, 0.9], 300)
    const hard = skilled(
      `hard ${run}`,
      Array.from({ length: 8 }, () => 0.5),
      100,
    )
    const rows = [...easy, ...hard.map((row) => ({ ...row, unit: `hard ${row.unit}` }))]
    return sharedErrors(mace(rows), rows).pairs.some(({ suspicious }) => suspicious)
  }).filter(Boolean).length
  expect(accused).toBeLessThanOrEqual(9)
})

describe('says nothing', () => {
  test('of pairs with too few units', () => {
    const rows = copied(skilled('few', skills, 30), 1, 'all')
    const { pairs, untested } = sharedErrors(dawidSkene(rows), rows, { least: 31 })
    expect(pairs).toEqual([])
    expect(untested).toBeGreaterThan(0)
  })

  test('where no two others settle anything', () => {
    const rows = skilled('pairs', skills, 100).filter(({ rater }) => Number(rater) < 3)
    expect(sharedErrors(dawidSkene(rows), rows)).toEqual({ pairs: [], untested: 0 })
  })
})

test('refuses options that are none', () => {
  const rows = skilled('bad', skills, 20)
  expect(() => sharedErrors(dawidSkene(rows), rows, { least: 0 })).toThrow(refusal('invalid-argument', /least is 0/))
  expect(() => sharedErrors(dawidSkene(rows), rows, { level: 2 })).toThrow(refusal('invalid-argument', /level is 2/))
})

test.each([undefined, null, {}, 7])('refuses %s for a model', (bad) => {
  expect(() => sharedErrors(bad as never, [])).toThrow(refusal('invalid-argument', /The model is/))
})
