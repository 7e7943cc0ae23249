import type { Register } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'

/** Reads a register file that another process may be writing to. */
export async function reading<T>(file: string, read: (register: Register) => Promise<T>): Promise<T> {
  const register = openSqliteRegister({ path: file, readOnly: true })
  try {
    return await read(register)
  } finally {
    await register.close()
  }
}
