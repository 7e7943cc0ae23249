import { defineTask, parseTrackingId } from '@groundtrace/core'
import { tracePrediction, type TrackedBatch } from '@groundtrace/instrumentation'
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { record } from './recording.ts'
import { startSdk, type SdkHost } from './sdk-host.ts'

const lengths = (texts: readonly string[]): number[] => texts.map((text) => text.length)
const LENGTH = defineTask({ name: 'length', kind: 'regression' })

let host: SdkHost
beforeEach(() => {
  host = startSdk()
})
afterEach(() => host.stop())

describe('a batch', () => {
  const batch = {
    task: LENGTH,
    model: { name: 'ruler', version: '1' },
    rows: (texts: readonly string[]) => texts.length,
  }

  test('gives every row a tracking ID and an event of its own', async () => {
    const { pipeline, predictions } = record(LENGTH)
    const tracked = tracePrediction(lengths, {
      ...batch,
      pipeline,
      describe: (result, { args: [texts], row }) => ({ value: result[row] ?? 0, entity: `row ${texts[row]}` }),
    })
    const { value, trackingIds } = await tracked(['a', 'bbb', 'cc'])
    expect(value).toEqual([1, 3, 2])
    expect(trackingIds.map((id) => parseTrackingId(id).row)).toEqual([0, 1, 2])
    expect(predictions().map(({ id, value: length, entity }) => [id, length, entity])).toEqual([
      [trackingIds[0], 1, 'row a'],
      [trackingIds[1], 3, 'row bbb'],
      [trackingIds[2], 2, 'row cc'],
    ])
    const [span, ...others] = host.spans()
    expect(others).toEqual([])
    expect(trackingIds[1]).toBe(`${String(span?.attributes['groundtrace.tracking_id'])}-1`)
    expectTypeOf(tracked).returns.resolves.toEqualTypeOf<TrackedBatch<number[]>>()
  })

  test('loses only the row that cannot be described', async () => {
    const { pipeline, predictions } = record(LENGTH)
    const { trackingIds } = await tracePrediction(lengths, {
      ...batch,
      pipeline,
      describe(_result, { row }) {
        if (row === 1) throw new Error('row 1')
        return { value: row === 2 ? Number.NaN : row }
      },
    })(['a', 'b', 'c', 'd'])
    expect(trackingIds).toHaveLength(4)
    expect(predictions().map(({ id }) => id)).toEqual([trackingIds[0], trackingIds[3]])
    expect(pipeline.loss()).toEqual({ 'describe-failed': 1, 'prediction-invalid': 1 })
  })

  test('that fails is an event with the error for each of its rows', async () => {
    const { pipeline, predictions } = record(LENGTH)
    const tracked = tracePrediction(
      (_texts: readonly string[]): number[] => {
        throw new RangeError('too long')
      },
      { ...batch, pipeline, describe: () => ({ value: 0 }) },
    )
    await expect(tracked(['a', 'b'])).rejects.toThrow(RangeError)
    expect(predictions().map(({ id, error }) => [parseTrackingId(id).row, error])).toEqual([
      [0, 'RangeError'],
      [1, 'RangeError'],
    ])
  })

  test('without rows has no tracking IDs and no events', async () => {
    const { pipeline, records } = record(LENGTH)
    const tracked = tracePrediction(lengths, { ...batch, pipeline, describe: () => ({ value: 0 }) })
    expect((await tracked([])).trackingIds).toEqual([])
    expect(records).toEqual([])
    expect(pipeline.loss()).toEqual({})
  })
})
