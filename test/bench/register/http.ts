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
 * Posts to all servers in turns, each round with bodies that none of them has seen.
 * @param kinds of servers
 * @param known predictions that a register holds before
 * @returns the times of each kind
 */
async function inTurns<Kind extends string>(
  folder: string,
  kinds: readonly Kind[],
  { rounds, known = 0, loadOf }: { rounds: number; known?: number; loadOf: (round: number) => Load },
): Promise<Readonly<Record<Kind, readonly number[]>>> {
  const servers = await Promise.all(
    kinds.map(async (kind) => ({
      kind,
      server: await serve(kind, join(folder, `${kind}.db`), known),
      times: [] as number[],
    })),
  )
  for (let round = 0; round <= rounds; round += 1) {
    const load = loadOf(round)
    for (const { server, times } of servers) {
      const time = await post(server.port, load)
      // The first round warms up.
      if (round > 0) times.push(time)
    }
  }
  for (const { server } of servers) await server.stop()
  return Object.fromEntries(servers.map(({ kind, times }) => [kind, times])) as Record<Kind, number[]>
}

/** Times of predictions over OTLP, of tasks that the receiver knows and of tasks that only events describe. */
export interface OtlpTimes extends HttpTimes {
  readonly undeclared: readonly number[]
}

/** Predictions in OTLP's protobuf, as a batch processor sends them, over eight connections. */
export async function timeOtlp(folder: string, { requests, rounds }: HttpSizes): Promise<OtlpTimes> {
  const times = await inTurns(folder, ['bare-logs', 'logs', 'undeclared-logs'], {
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
  return { ours: times.logs, undeclared: times['undeclared-logs'], floor: times['bare-logs'] }
}

/** One rating a request, over 32 connections, each acknowledged when it is safe from the loss of power. */
export async function timeFeedback(folder: string, { requests, rounds }: HttpSizes): Promise<HttpTimes> {
  const times = await inTurns(folder, ['bare-feedback', 'feedback'], {
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
  return { ours: times.feedback, floor: times['bare-feedback'] }
}
