import { format } from 'node:util'

/** Least time between two lines of the log for the same reason, in milliseconds. */
const PAUSE_MS = 10_000

/**
 * Tells trouble in one line a reason, and not more often than every ten seconds: whoever can make trouble shall not fill the
 * log. What was not told is counted in the next line.
 */
export function teller(
  write: (line: string) => void,
  now: () => number = Date.now,
): (reason: string, lines: number, error: unknown) => void {
  const told = new Map<string, { readonly time: number; times: number; lines: number }>()
  return (reason, lines, error) => {
    const before = told.get(reason)
    const time = now()
    if (before !== undefined && time - before.time < PAUSE_MS) {
      before.times += 1
      before.lines += lines
      return
    }
    const sum = lines + (before?.lines ?? 0)
    const times = before === undefined || before.times === 0 ? '' : ` (${before.times} times more since)`
    const rejected = sum === 0 ? '' : ` ${sum} lines rejected.`
    const cause = error === undefined ? '' : ` ${error instanceof Error ? error.message : format('%s', error)}`
    told.set(reason, { time, times: 0, lines: 0 })
    write(`${reason}:${rejected}${cause}${times}`)
  }
}
