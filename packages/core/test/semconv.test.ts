import * as semconv from '@groundtrace/core/semconv'
import { expect, test } from 'vitest'

/** Names of OpenTelemetry's semantic conventions that we use as they are. */
const OPENTELEMETRY = [
  'enduser.pseudo.id',
  'error.type',
  'feature_flag.context.id',
  'feature_flag.evaluation',
  'feature_flag.key',
  'feature_flag.provider.name',
  'feature_flag.result.reason',
  'feature_flag.result.variant',
]

/** Names of HTTP headers are words with hyphens, attributes and events words with dots. */
const OURS = /^groundtrace(\.[a-z_]+)+$/
const OUR_HEADERS = /^groundtrace(-[a-z]+)+$/

test('every name is ours or one of OpenTelemetry', () => {
  const foreign = Object.entries(semconv)
    .filter(([constant, name]) => !(constant.startsWith('HEADER_') ? OUR_HEADERS : OURS).test(name))
    .map(([, name]) => name)
  expect(foreign.toSorted()).toEqual(OPENTELEMETRY)
})

test('no two constants are the same name', () => {
  const names = Object.values(semconv)
  expect(new Set(names).size).toBe(names.length)
})
