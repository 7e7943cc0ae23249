import { describe, expect, it } from 'vitest'
import { lineageLine } from '@groundtrace/flywheel'

const deployed = { kind: 'version-deployed', model: 'filter', version: '2', reason: 'Gate' } as const

describe('lineageLine', () => {
  it('gives the same event at the same time the same ID, so that it is a duplicate when it is appended again', () => {
    const { reason, version, model, kind } = deployed
    expect(lineageLine({ reason, version, model, kind }, 7)).toEqual(lineageLine(deployed, 7))
  })

  it('gives another event or another time another ID', () => {
    const lines = [
      lineageLine(deployed, 7),
      lineageLine(deployed, 8),
      lineageLine({ ...deployed, version: '3' }, 7),
      lineageLine({ ...deployed, reason: 'Rollback' }, 7),
    ]
    expect(new Set(lines.map(({ id }) => id)).size).toBe(4)
  })

  it.each<[string, unknown, unknown]>([
    ['no event', undefined, 7],
    ['an unknown kind', { kind: 'version-dreamt' }, 7],
    ['a missing field', { kind: 'version-deployed', model: 'filter' }, 7],
    ['no time', deployed, undefined],
  ])('refuses %s', (_, event, time) => {
    expect(() => lineageLine(event as never, time as never)).toThrow(
      expect.objectContaining({ code: 'invalid-lineage' }),
    )
  })
})
