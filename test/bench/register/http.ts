import { join } from 'node:path'
import { predictionEvent } from '@groundtrace/core'
import { encoded, logRecord, requestOf, type Plain } from '../../../packages/register/test/otlp/otlp-messages.ts'
import { post, serve, type Load } from './http-load.ts'
import { predictions, ratingOf } from './material.ts'

/** Milliseconds of each round. */
export interface HttpTimes {
  readonly ours: readonly number[]
  readonly floor: readonly number[]
}

export interface HttpSizes {
  readonly requests: number
  readonly rounds: number
}

/** Records a request. */
export const RECORDS = 500

/**
 * Posts to both servers in turns, each round with bodies that neither has seen.
 * @param known predictions that the register holds before
 */
async function inTurns(
  folder: string,
  kind: 'logs' | 'feedback',
  { rounds, known = 0, loadOf }: { rounds: number; known?: number; loadOf: (round: number) => Load },
): Promise<HttpTimes> {
  const ours = await serve(kind, join(folder, `${kind}.db`), known)
  const floor = await serve(`bare-${kind}`, join(folder, `bare-${kind}.db`))
  const times = { ours: [] as number[], floor: [] as number[] }
  for (let round = 0; round <= rounds; round += 1) {
    const load = loadOf(round)
    const floorTime = await post(floor.port, load)
    const oursTime = await post(ours.port, load)
    // The first round warms up.
    if (round === 0) continue
    times.floor.push(floorTime)
    times.ours.push(oursTime)
  }
  await ours.stop()
  await floor.stop()
  return times
}

/** Predictions in OTLP's protobuf, as a batch processor sends them, over eight connections. */
export async function timeOtlp(folder: string, { requests, rounds }: HttpSizes): Promise<HttpTimes> {
  return await inTurns(folder, 'logs', {
    rounds,
    loadOf: (round) => ({
      path: '/v1/logs',
      contentType: 'application/x-protobuf',
      connections: 8,
      bodies: Array.from({ length: requests }, (_, request) => {
        const from = (round * requests + request) * RECORDS
        const records = predictions(from, from + RECORDS).map((prediction) =>
          logRecord(predictionEvent(prediction).attributes as Readonly<Record<string, Plain>>, {
            time: `${prediction.time}000000`,
          }),
        )
        return encoded('Request', requestOf(records))
      }),
    }),
  })
}

/** One rating a request, over 32 connections, each acknowledged when it is safe from the loss of power. */
export async function timeFeedback(folder: string, { requests, rounds }: HttpSizes): Promise<HttpTimes> {
  return await inTurns(folder, 'feedback', {
    rounds,
    known: requests * (rounds + 1),
    loadOf: (round) => ({
      path: '/v1/feedback',
      contentType: 'application/json',
      connections: 32,
      bodies: Array.from({ length: requests }, (_, request) =>
        Buffer.from(JSON.stringify(ratingOf(round * requests + request))),
      ),
    }),
  })
}
