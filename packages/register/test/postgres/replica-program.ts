/**
 * A replica: four senders at once, each of which sends a world twice, in an order of its own, while horizons are closed and
 * outcomes counted. Prints a line after each call. Arguments: url, schema, seed of the world, number of this replica.
 */
import { writeSync } from 'node:fs'
import type { Register } from '@groundtrace/core'
import { openPostgresRegister } from '../../src/postgres.ts'
import { DAY, START, TASKS } from '../../src/testing/fixtures.ts'
import { seeded } from '../../src/testing/random-world.ts'
import { batchesOf, byLatestState, contendedWorld } from './contended-world.ts'

const [, , url = '', schema = '', seed = '1', replica = '0'] = process.argv
const world = contendedWorld(Number(seed))

async function send(register: Register, sender: number): Promise<void> {
  const random = seeded(1000 * Number(replica) + sender)
  for (const batch of [...batchesOf(world, random), ...batchesOf(world, random)]) {
    if ('predictions' in batch) await register.appendPredictions(batch.predictions)
    else await register.appendFeedback(batch.feedback)
    writeSync(1, '.\n')
    if (random() < 0.1) await register.closeHorizons({ now: START + random() * 40 * DAY, limit: 5 })
    if (random() < 0.2) await register.advance('latest', 'outcomes', byLatestState, 20)
  }
}

const register = await openPostgresRegister({ url, schema, tasks: TASKS, poolSize: 4 })
await Promise.all([1, 2, 3, 4].map((sender) => send(register, sender)))
await register.close()
