import type { LineageLine } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { lineageOf, lineageText } from 'groundtrace'
import { expect, test } from 'vitest'

const time = Date.UTC(2026, 0, 2, 3, 4)
const LINES: readonly LineageLine[] = [
  { kind: 'version-seen', id: '1', time, model: 'filter', version: '1' },
  { kind: 'version-seen', id: '2', time, model: 'filter', version: '2', previous: '1' },
  { kind: 'version-deployed', id: '3', time, model: 'filter', version: '2', reason: 'better' },
]

test('a version that was seen to predict is told from one that was declared deployed, with what was seen before it', async () => {
  const register = openSqliteRegister({ path: ':memory:' })
  await register.appendLineage(LINES)
  expect(
    lineageText(await lineageOf(register))
      .split('\n')
      .slice(-3),
  ).toEqual([
    '  2026-01-02 03:04  filter 1 seen to predict; nobody had declared it deployed',
    '  2026-01-02 03:04  filter 2 seen to predict, after 1; nobody had declared it deployed',
    '  2026-01-02 03:04  filter 2 deployed: better',
  ])
  await register.close()
})
