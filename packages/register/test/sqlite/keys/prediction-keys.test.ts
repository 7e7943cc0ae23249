import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTrackingId, type Prediction, type Register } from '@groundtrace/core'
import { afterAll, describe, expect, test } from 'vitest'
import { openSqliteRegister } from '../../../src/sqlite/open.ts'
import { prediction, START } from '../../../src/testing/fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'groundtrace-prediction-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** More than two seals of 32,768, and an unsealed rest. */
const LINES = 70_000

const traceOf = (line: number): string => (line + 1).toString(16).padStart(32, '0')

function lineOf(line: number): Prediction {
  return {
    ...prediction(line + 1),
    id: formatTrackingId({ traceId: traceOf(line), spanId: (line + 7).toString(16).padStart(16, '0') }),
    entity: `order-${line % 1000}`,
    time: START + 1000 * line,
  }
}

async function append(register: Register, from: number, to: number): Promise<void> {
  for (let line = from; line < to; line += 5000) {
    const lines = Array.from({ length: Math.min(5000, to - line) }, (_, at) => lineOf(line + at))
    const receipts = await register.appendPredictions(lines)
    expect(receipts.filter(({ status }) => status !== 'stored')).toEqual([])
  }
}

describe('a register with sealed and unsealed predictions', () => {
  test('knows every ID, trace and business key, as it is, opened again, and beside another process', async () => {
    const path = join(folder, 'large.db')
    const writer = openSqliteRegister({ path })
    const beside = openSqliteRegister({ path, readOnly: false, busyTimeoutMs: 5000 })
    await append(writer, 0, 40_000)
    await append(beside, 40_000, LINES)
    const again = openSqliteRegister({ path, readOnly: true })
    for (const register of [writer, beside, again]) {
      for (let line = 0; line < LINES; line += 997) {
        const expected = lineOf(line)
        expect(await register.prediction(expected.id)).toMatchObject({ id: expected.id, entity: expected.entity })
        expect(await register.predictionsOfTrace(traceOf(line))).toEqual([expected.id])
      }
      expect(await register.prediction(lineOf(LINES).id)).toBeUndefined()
    }
    const twice = await writer.appendPredictions([
      lineOf(0),
      lineOf(39_999),
      lineOf(LINES - 1),
      { ...lineOf(5), time: START + 1 },
    ])
    expect(twice.map(({ status }) => status)).toEqual(['duplicate', 'duplicate', 'duplicate', 'conflict'])
    // By its business key a feedback joins the latest prediction before it: lines 7, 1007, 2007 … share one.
    const [receipt] = await writer.appendFeedback([
      {
        id: formatTrackingId({ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16) }),
        target: { task: lineOf(0).task.name, entity: 'order-7' },
        kind: 'rating',
        source: 'web',
        time: START + 1000 * 33_500,
        right: true,
      },
    ])
    expect(receipt).toMatchObject({ status: 'stored' })
    const joined = await writer.feedbackOn(lineOf(33_007).id)
    expect(joined).toHaveLength(1)
    for (const register of [writer, beside, again]) await register.close()
  })
})
