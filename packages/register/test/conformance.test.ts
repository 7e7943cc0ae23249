import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Register, Task } from '@groundtrace/core'
import { openSqliteRegister } from '../src/index.ts'
import { examineSqliteRegister } from '../src/sqlite.ts'
import { describeRegister, type OpenRegister } from '../src/testing.ts'
import { expectSound } from './sound.ts'

const inFile: OpenRegister = async (tasks) => {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-register-'))
  const path = join(folder, 'register.db')
  const open = (given: readonly Task[]): Register => openSqliteRegister({ path, tasks: given })
  let register = open(tasks)
  return {
    register,
    async reopen(given = tasks) {
      await register.close()
      register = open(given)
      return register
    },
    async remove() {
      await register.close()
      try {
        expectSound(examineSqliteRegister({ path, full: true }))
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  }
}

const inMemory: OpenRegister = async (tasks) => {
  const register = openSqliteRegister({ path: ':memory:', tasks, thread: 'caller' })
  return {
    register,
    reopen: () => Promise.reject(new Error('A register in memory is gone when it is closed')),
    remove: () => register.close(),
  }
}

describeRegister('a register in a SQLite file and a thread of its own', inFile)
describeRegister('a register in memory and the thread of its caller', inMemory, { reopens: false })
