import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../src/canonical-json.ts'

it('writes the example of RFC 8785, section 3.2, as the RFC does', () => {
  const input = {
    // Written as texts, because formatters shorten such numbers.
    numbers: ['333333333.33333329', '1E30', '4.50', '2e-3', '0.000000000000000000000000001'].map(Number),
    string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  }
  expect(canonicalJson(input)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
})

it('sorts the keys of RFC 8785, section 3.2.3, as the RFC does', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6']
  const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33']
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))
  expect(text).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:0`).join(',')}}`)
})

it('says the same as the value, however its fields are ordered', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }),
  )
})

it('leaves out fields that are undefined', () => {
  expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}')
})

it.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, 10n])('refuses %s', (value) => {
  expect(() => canonicalJson({ value: [value] })).toThrow(expect.objectContaining({ code: 'invalid-argument' }))
})
