import { GroundtraceError } from '@groundtrace/core'

/** Something in a plan that can't be meant. */
export interface PlanMistake {
  /** Both from 1. */
  readonly line: number
  readonly column: number
  readonly cause: string
  readonly nextStep: string
}

/** All mistakes of a plan, in one error with a line for each. */
export class PlanError extends GroundtraceError {
  /** In the order of the file. */
  readonly mistakes: readonly PlanMistake[]

  constructor(file: string, mistakes: readonly PlanMistake[]) {
    const lines = mistakes.map((one) => `${file}:${one.line}:${one.column}: ${one.cause}. ${one.nextStep}.`)
    super(
      'invalid-argument',
      `The plan has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}`,
      `Correct ${file}:\n${lines.join('\n')}`.replace(/\.$/, ''),
    )
    this.mistakes = mistakes
  }
}
