import { predictionEvent, type LogEvent } from '@groundtrace/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { deploymentWatch } from '../src/deployment-watch.ts'
import { SPAM } from './spam-filter.ts'

const ID = `${'a'.repeat(32)}-${'b'.repeat(16)}`

function predicted(model: unknown, version: unknown, time = 0): LogEvent {
  const prediction = { id: ID, task: SPAM, model: { name: 'filter', version: 'v1' }, time, value: 'ham' }
  const event = predictionEvent(prediction as Parameters<typeof predictionEvent>[0])
  const attributes = { 'groundtrace.model.name': model, 'groundtrace.model.version': version }
  return { ...event, attributes: { ...event.attributes, ...attributes } }
}

/** What is told of predictions by these versions of one model, one after the other. */
function told(...versions: readonly string[]): readonly (readonly unknown[] | undefined)[] {
  const watch = deploymentWatch(() => {})
  return versions.map((version) => {
    const event = watch(predicted('filter', version))
    const { attributes } = event ?? {}
    return attributes && [attributes['groundtrace.model.version'], attributes['groundtrace.model.previous_version']]
  })
}

test('the first version is told, and each new one with the one before it', () => {
  expect(told('v1', 'v1', 'v2', 'v2', 'v3')).toEqual([
    ['v1', undefined],
    undefined,
    ['v2', 'v1'],
    undefined,
    ['v3', 'v2'],
  ])
})

test('two versions that take turns are told once each, and so is one that comes back', () => {
  const turns = Array.from({ length: 1000 }, (_, turn) => (turn % 2 === 0 ? 'v1' : 'v2'))
  expect(told(...turns).filter((event) => event !== undefined)).toEqual([
    ['v1', undefined],
    ['v2', 'v1'],
  ])
  // Version 3 comes while both are at work: the one that predicted last is the one before it.
  expect(told('v1', 'v2', 'v1', 'v3').at(-1)).toEqual(['v3', 'v1'])
})

test('law: whatever predicts in whatever order, each version of each model is told exactly once, when it first predicts', () => {
  const model = fc.tuple(fc.constantFrom('a', 'b', 'a-b'), fc.constantFrom('1', '2', 'b-1'))
  fc.assert(
    fc.property(fc.array(model), (predictions) => {
      const watch = deploymentWatch(() => {})
      const events = predictions.map(([name, version], index) => watch(predicted(name, version, index)))
      const firsts = predictions.map(
        (one, index) => predictions.findIndex((other) => String(other) === String(one)) === index,
      )
      expect(events.map((event) => event !== undefined)).toEqual(firsts)
    }),
  )
})

test('is told at the time of the prediction', () => {
  expect(deploymentWatch(() => {})(predicted('filter', 'v1', 1_500))?.hrTime).toEqual([1, 500_000_000])
})

test('a version in every request fills no memory and floods nobody: what is beyond 1,000 is counted and not told', () => {
  let untold = 0
  const watch = deploymentWatch(() => (untold += 1))
  const events = Array.from({ length: 5000 }, (_, request) => watch(predicted('filter', `v${request}`)))
  expect(events.filter((event) => event !== undefined)).toHaveLength(1000)
  expect(untold).toBe(4000)
  // What is remembered stays so, and what is not is counted once for each time that it begins.
  for (let turn = 0; turn < 10; turn += 1) expect(watch(predicted('filter', 'v7'))).toBeUndefined()
  for (let turn = 0; turn < 10; turn += 1) expect(watch(predicted('filter', 'v9999'))).toBeUndefined()
  expect(untold).toBe(4001)
  expect(watch(predicted('other', 'v1'))).toBeUndefined()
})

test.each([
  [undefined, 'v1'],
  ['filter', undefined],
  ['', 'v1'],
  ['filter', 7],
  [{}, Symbol('v1')],
  ['x'.repeat(65), 'v1'],
  ['filter', 'v 1'],
])('model %o with version %o is none', (model, version) => {
  let untold = 0
  expect(deploymentWatch(() => (untold += 1))(predicted(model, version))).toBeUndefined()
  expect(untold).toBe(0)
})
