import { examineSqliteRegister, type Finding } from '@groundtrace/register/sqlite'
import { isFile, postgresRegisters } from './open-register.ts'

/**
 * Examines a register wherever it is, without writing to it.
 * @param where path of a register file, or URL of a PostgreSQL database
 * Rejects with GroundtraceError: `invalid-argument`, `register-unavailable` when the package `pg` is missing
 */
export async function examineRegister(where: string, full: boolean): Promise<readonly Finding[]> {
  if (isFile(where)) return examineSqliteRegister({ path: where, full })
  const { examinePostgresRegister } = await postgresRegisters(where)
  return await examinePostgresRegister({ url: where })
}
