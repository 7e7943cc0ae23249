import { enumerated, GroundtraceError, quote, type Register } from '@groundtrace/core'

/**
 * Nothing is about a task that the register does not know, as its name may be misspelt.
 * @throws GroundtraceError `invalid-argument`, with the names of those it knows
 */
export async function expectTask(register: Pick<Register, 'tasks'>, name: string | undefined): Promise<void> {
  if (name === undefined) return
  const known = (await register.tasks()).map((task) => task.name)
  if (known.includes(name)) return
  throw new GroundtraceError(
    'invalid-argument',
    `The register knows no task ${quote(name)}`,
    known.length === 0 ? 'It knows none yet: nothing was predicted' : `Name one of ${enumerated(known)}`,
  )
}
