import type { Receipt } from '@groundtrace/core'

/** Appends lines; one receipt a line, in order. */
export type Append<Line> = (lines: readonly Line[]) => Promise<readonly Receipt[]>

interface Call<Line> {
  readonly lines: readonly Line[]
  readonly resolve: (receipts: readonly Receipt[]) => void
  readonly reject: (error: unknown) => void
}

/** Lines that calls are put together to, at most; a larger call stays as it is. */
const MOST_LINES = 500

/**
 * Calls that come while others run go together, in one transaction: hundreds of small ones take as long as a few. What is
 * refused in one never harms another, and where they fail together each is tried alone.
 * @param lanes transactions at once
 */
export function gathering<Line>(append: Append<Line>, lanes: number): Append<Line> {
  const waiting: Call<Line>[] = []
  let running = 0

  async function alone({ lines, resolve, reject }: Call<Line>): Promise<void> {
    try {
      resolve(await append(lines))
    } catch (error) {
      reject(error)
    }
  }

  async function together(calls: readonly Call<Line>[]): Promise<void> {
    let receipts: readonly Receipt[]
    try {
      receipts = await append(calls.flatMap(({ lines }) => lines))
    } catch {
      await Promise.all(calls.map(alone))
      return
    }
    let from = 0
    for (const { lines, resolve } of calls) {
      resolve(receipts.slice(from, from + lines.length))
      from += lines.length
    }
  }

  /** The calls that have waited longest, as many as go together. */
  function next(): readonly Call<Line>[] {
    let lines = 0
    const end = waiting.findIndex((call) => (lines += call.lines.length) > MOST_LINES)
    return waiting.splice(0, end === -1 ? waiting.length : Math.max(end, 1))
  }

  async function run(): Promise<void> {
    running += 1
    while (waiting.length > 0) {
      const calls = next()
      const [first] = calls
      if (calls.length === 1 && first !== undefined) await alone(first)
      else await together(calls)
    }
    running -= 1
  }

  return (lines) =>
    new Promise((resolve, reject) => {
      waiting.push({ lines, resolve, reject })
      if (running < lanes) void run()
    })
}
