import { GroundtraceError } from '@groundtrace/core'

/** The command line, or what stands in the environment for it, can't be meant: the command exits with 2. */
export class WrongUsage extends GroundtraceError {
  /** @param cause what is wrong @param nextStep what to name instead */
  constructor(cause: string, nextStep: string) {
    super('invalid-argument', cause, nextStep)
  }
}
