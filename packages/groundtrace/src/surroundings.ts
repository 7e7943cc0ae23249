import type { LineWriter } from './line-writer.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the command line gets from outside. */
export interface Surroundings {
  /** Reads `GROUNDTRACE_REGISTER`, the register where `--register` is not given, and what single commands name. */
  readonly environment: Environment
  readonly out: (text: string) => void
  readonly error: (text: string) => void
  /** Where lists go, a page at a time. */
  readonly write: LineWriter
  /** Resolves when the process is asked to end: so long serves `serve`. */
  readonly untilStopped: () => Promise<unknown>
  /** Asks whoever sits at the terminal. Absent where nobody does: then nothing is asked. */
  readonly confirm?: (question: string) => Promise<boolean>
}
