import type { Register, Task } from '@groundtrace/core'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { examinePostgresRegister, openPostgresRegister } from '../../src/postgres.ts'
import { describeRegister, type OpenRegister } from '../../src/testing.ts'
import { startPostgres, type Postgres } from '../../../../test/services/postgres.ts'
import { expectSound } from '../sound.ts'
import { hasPostgres } from './has-postgres.ts'
import { dropSchema } from './sql.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: Postgres
let stores = 0

/** A schema of its own for each test, in one database. */
const inSchema: OpenRegister = async (tasks) => {
  stores += 1
  const schema = `store_${stores}`
  const open = (given: readonly Task[]): Promise<Register> =>
    openPostgresRegister({ url: server.url, schema, tasks: given, poolSize: 4 })
  let register = await open(tasks)
  return {
    register,
    async reopen(given = tasks) {
      await register.close()
      register = await open(given)
      return register
    },
    async remove() {
      await register.close()
      try {
        expectSound(await examinePostgresRegister({ url: server.url, schema }))
      } finally {
        await dropSchema(server.url, schema)
      }
    },
  }
}

describe.skipIf(!hasPostgres)('on a real PostgreSQL', () => {
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  describeRegister('a register in PostgreSQL', inSchema)
})
