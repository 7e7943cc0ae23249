import type { Writable } from 'node:stream'

/** What was printed could not be written, as when the disk is full. */
export class OutputError extends Error {
  override readonly name = 'OutputError'

  constructor(cause: Error) {
    super(`The output can't be written (${cause.message}). Free space where it goes, or send it elsewhere.`, { cause })
  }
}

/**
 * Writes text and waits until it is taken: whoever writes on only then needs no more memory than one text.
 * @returns false when nobody reads any more, as when the text goes to `head`
 * Rejects with OutputError for what else is wrong with the stream, such as a full disk
 */
export type LineWriter = (text: string) => Promise<boolean>

const NOBODY_READS: ReadonlySet<unknown> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED'])

/** A {@link LineWriter} to a stream. */
export function lineWriter(stream: Writable): LineWriter {
  let listens = false
  return async (text) => {
    // The stream tells of an error twice: to who wrote, where it is answered, and as an event that would end the process.
    if (!listens) stream.on('error', () => undefined)
    listens = true
    const failure = await new Promise<Error | null | undefined>((resolve) => void stream.write(text, resolve))
    if (failure === null || failure === undefined) return true
    if (NOBODY_READS.has((failure as NodeJS.ErrnoException).code)) return false
    throw new OutputError(failure)
  }
}
