import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-register-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** The path of a register file in a folder of its own. */
export function temporaryPath(): string {
  return join(temporaryFolder(), 'register.db')
}
