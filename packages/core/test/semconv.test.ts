import * as semconv from '@groundtrace/core/semconv'
import { expect, test } from 'vitest'

/** Names of OpenTelemetry's semantic conventions that we use as they are. */
const OPENTELEMETRY = ['enduser.pseudo.id', 'error.type']

test('every name is ours or one of OpenTelemetry', () => {
  const foreign = Object.values(semconv).filter((name) => !/^groundtrace\.[a-z_]+(\.[a-z_]+)*$/.test(name))
  expect(foreign.toSorted()).toEqual(OPENTELEMETRY)
})

test('no two constants are the same name', () => {
  const names = Object.values(semconv)
  expect(new Set(names).size).toBe(names.length)
})
