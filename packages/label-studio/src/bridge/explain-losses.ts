/** What was read from the server before, and when. */
export interface Known {
  /** The server's time of it. */
  readonly updated: string
  /** When it was read, in milliseconds since 1970, by the clock here. */
  readonly read: number
}

/** What all of a project's rows, read at once, say of those that are gone. */
export interface Evidence {
  /** Rows that are there as they were known. */
  readonly same: readonly Known[]
  /** Rows that are there in an older version than was known; the known one. */
  readonly older: readonly Known[]
  /** The server gave a number again that it had given to an annotation: it has forgotten how far it had counted. */
  readonly countedBack: boolean
}

/** Whether a row that is gone, or older than known, was lost because the server was restored from a backup. */
export type LostByRestore = (known: Known) => boolean

/**
 * A server that is restored from a backup forgets the newest rows, and has others in versions that are older than those
 * that were read; nothing else makes a row older, but for a clock that is set back. A row that was read no later than
 * another one, is dated no earlier, and is there unchanged, proves that no backup came between: a backup that holds it
 * holds the other one as well. What was read later proves nothing, as it may be of the time after the restoring.
 */
export function explainLosses({ same, older, countedBack }: Evidence): LostByRestore {
  // The newest unchanged row among those that were read up to a moment.
  const survivors = same.toSorted((a, b) => a.read - b.read)
  const newest: string[] = []
  for (const { updated } of survivors) newest.push(max(newest.at(-1), updated))

  function survived({ updated, read }: Known): boolean {
    const upto = survivors.findLastIndex((survivor) => survivor.read <= read)
    const latest = newest[upto]
    return latest !== undefined && latest >= updated
  }

  const restored = countedBack || older.some((known) => !survived(known))
  return (known) => restored && !survived(known)
}

const max = (a: string | undefined, b: string): string => (a !== undefined && a > b ? a : b)
