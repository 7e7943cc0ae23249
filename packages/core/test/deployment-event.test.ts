import { deploymentEvent, deploymentFromEvent, type LogEvent } from '@groundtrace/core'
import * as semconv from '@groundtrace/core/semconv'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { junk, times } from './arbitrary.ts'
import { rawErrorOf, refusal } from './refusal.ts'

const seen = { model: 'filter', version: 'v2', previous: 'v1', time: 1_500.25 }

test('says model, version and the one before it under the names of the wire', () => {
  expect(deploymentEvent(seen)).toEqual({
    eventName: 'groundtrace.deployment',
    hrTime: [1, 500_250_000],
    attributes: {
      'groundtrace.model.name': 'filter',
      'groundtrace.model.version': 'v2',
      'groundtrace.model.previous_version': 'v1',
    },
  })
  expect(deploymentEvent({ ...seen, previous: undefined }).attributes).toEqual({
    'groundtrace.model.name': 'filter',
    'groundtrace.model.version': 'v2',
  })
})

test('comes back as a line of lineage', () => {
  const name = fc.stringMatching(/^[a-z0-9][A-Za-z0-9._-]{0,63}$/)
  fc.assert(
    fc.property(name, name, fc.option(name, { nil: undefined }), times, (model, version, given, time) => {
      const previous = given === version ? undefined : given
      const { id: _, ...line } = deploymentFromEvent(deploymentEvent({ model, version, previous, time }))
      const expected = { kind: 'version-seen', model, version, time: line.time }
      expect(line).toEqual(previous === undefined ? expected : { ...expected, previous })
      expect(line.time).toBeCloseTo(time, 3)
    }),
  )
})

const idOf = (fields: Partial<typeof seen>): string => deploymentFromEvent(deploymentEvent({ ...seen, ...fields })).id

test('whoever sees a version says the same line ID, and only of that version', () => {
  expect(idOf({ time: 9e12, previous: 'v0' })).toBe(idOf({}))
  const others = [idOf({ version: 'v3' }), idOf({ model: 'filter2' }), idOf({ model: 'f', version: 'ilter-v2' })]
  expect(new Set([idOf({}), ...others]).size).toBe(4)
})

describe('is refused', () => {
  const whole = deploymentEvent(seen)

  test.each([
    ['without a model', { [semconv.ATTR_MODEL_NAME]: undefined }, 'invalid-event'],
    ['with a version that is a number', { [semconv.ATTR_MODEL_VERSION]: 2 }, 'invalid-event'],
    ['as its own successor', { [semconv.ATTR_MODEL_PREVIOUS_VERSION]: 'v2' }, 'invalid-lineage'],
    ['after something that is no version', { [semconv.ATTR_MODEL_PREVIOUS_VERSION]: null }, 'invalid-lineage'],
  ] as const)('%s', (_, attributes, code) => {
    const event = { ...whole, attributes: { ...whole.attributes, ...attributes } }
    expect(() => deploymentFromEvent(event)).toThrow(refusal(code))
  })

  test('as junk, and never with a raw error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(whole.attributes)), junk, (name, value) => {
        const event = { ...whole, attributes: { ...whole.attributes, [name]: value } }
        expect(rawErrorOf(() => deploymentFromEvent(event))).toBeUndefined()
        expect(rawErrorOf(() => deploymentFromEvent(value as LogEvent))).toBeUndefined()
      }),
    )
  })
})
