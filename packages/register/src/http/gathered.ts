import { GroundtraceError, type Receipt } from '@groundtrace/core'

type Append<T> = (lines: readonly T[]) => Promise<readonly Receipt[]>

interface Waiting<T> {
  readonly lines: readonly T[]
  readonly resolve: (receipts: readonly Receipt[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * Appends what several requests brought in one call: while one is being stored, others gather. A disk that is asked to sync
 * for each of them can answer a few hundred a second, however small they are.
 * @param most lines of a call, but for one request that brings more
 */
export function gathered<T>(append: Append<T>, most: number): Append<T> {
  let waiting: readonly Waiting<T>[] = []
  let running = false

  /** Those at the head that go into one call. */
  function head(): readonly Waiting<T>[] {
    let lines = 0
    const end = waiting.findIndex((one, index) => {
      lines += one.lines.length
      return index > 0 && lines > most
    })
    return end === -1 ? waiting : waiting.slice(0, end)
  }

  async function store(group: readonly Waiting<T>[]): Promise<void> {
    try {
      const receipts = await append(group.flatMap(({ lines }) => lines))
      let start = 0
      for (const { lines, resolve } of group) {
        resolve(receipts.slice(start, start + lines.length))
        start += lines.length
      }
    } catch (error) {
      // A store that fails fails for all. Any other fault may be that of one request, so each is tried alone.
      if (group.length > 1 && !GroundtraceError.isInstance(error)) for (const one of group) await store([one])
      else for (const { reject } of group) reject(error)
    }
  }

  async function run(): Promise<void> {
    running = true
    while (waiting.length > 0) {
      const group = head()
      waiting = waiting.slice(group.length)
      await store(group)
    }
    running = false
  }

  return (lines) =>
    new Promise((resolve, reject) => {
      waiting = [...waiting, { lines, resolve, reject }]
      if (!running) void run()
    })
}
