import type { Writable } from 'node:stream'
import { lineWriter, OutputError, type LineWriter } from './line-writer.ts'

/** Where a command writes what it was asked for. */
export interface Output {
  /** Writes a text and a line end, in the order of calls. */
  readonly out: (text: string) => void
  readonly write: LineWriter
  /** Resolves when all that `out` was given is taken, to whether it was; a reader that went away has taken what it wanted. */
  readonly taken: () => Promise<boolean>
}

/** @param error told, once, why a text of `out` could not be written */
export function outputTo(stream: Writable, error: (text: string) => void): Output {
  const write = lineWriter(stream)
  let isTaken = true
  let last: Promise<unknown> = Promise.resolve()

  function failed(failure: unknown): void {
    if (isTaken) error(failure instanceof OutputError ? failure.message : String(failure))
    isTaken = false
  }

  return {
    out: (text) => void (last = Promise.all([last, write(`${text}\n`).catch(failed)])),
    write,
    async taken() {
      await last
      return isTaken
    },
  }
}
