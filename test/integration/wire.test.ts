import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as semconv from '@groundtrace/core/semconv'
import { describe, expect, test } from 'vitest'

const page = readFileSync(join(import.meta.dirname, '../../docs/wire.md'), 'utf8')
const written = new Set(
  [...page.matchAll(/`([a-z_]+(?:\.[a-z_]+)+|groundtrace(?:-[a-z]+)+)`/g)].map((match) => match[1]),
)

describe('docs/wire.md', () => {
  test.each(Object.entries(semconv))('explains %s', (_, name) => {
    expect(written).toContain(name)
  })

  test('names nothing that is not on the wire', () => {
    const names = new Set<string | undefined>(Object.values(semconv))
    const files = new Set(['semconv.ts'])
    expect([...written].filter((name) => !names.has(name) && !files.has(name ?? ''))).toEqual([])
  })
})
