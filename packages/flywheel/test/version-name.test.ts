import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextVersion } from '@groundtrace/flywheel'

const filter = (...versions: string[]) => versions.map((version) => ({ model: 'filter', version }))

describe('nextVersion', () => {
  it('starts at 1 and counts on from the highest number of the model', () => {
    expect(nextVersion('filter', [])).toBe('1')
    expect(nextVersion('filter', filter('2', '10', '9-ab12cd34', 'trial'))).toBe('11')
    expect(nextVersion('topics', filter('2'))).toBe('1')
  })

  it('carries the start of the SHA-256 of the weights (value from Python’s hashlib)', () => {
    expect(nextVersion('filter', filter('1'), 'weights')).toBe('2-9a129038')
  })

  it('is never one that was there before', () => {
    const name = fc.oneof(
      fc.nat().map(String),
      fc.stringMatching(/^[0-9]{1,30}[a-z.-]{0,4}$/),
      fc.stringMatching(/^[a-z]{1,5}$/),
    )
    fc.assert(
      fc.property(fc.array(name), fc.option(fc.string(), { nil: undefined }), (names, contents) => {
        const next = nextVersion('filter', filter(...names), contents)
        expect(names).not.toContain(next)
        expect(next).not.toBe(nextVersion('filter', filter(...names, next), contents))
      }),
    )
  })

  it.each<[string, unknown[]]>([
    ['a model that is no name', ['', []]],
    ['versions that are no list', ['filter', undefined]],
    ['weights that are no text', ['filter', [], 7]],
    ['a name that would be too long', ['filter', filter('9'.repeat(64))]],
  ])('refuses %s', (_, args) => {
    expect(() => nextVersion(...(args as [string, never[]]))).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    )
  })
})
