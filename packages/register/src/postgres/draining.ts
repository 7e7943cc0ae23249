import type { Driver } from '../checked-register.ts'

type Call = (...given: readonly unknown[]) => unknown

/** The driver with a `close` that waits for what runs. */
export function draining(driver: Driver): Driver {
  const running = new Set<Promise<unknown>>()

  function tracked(call: Call): Call {
    return async (...given) => {
      const answer = Promise.resolve(call(...given))
      running.add(answer)
      try {
        return await answer
      } finally {
        running.delete(answer)
      }
    }
  }

  const calls = Object.entries(driver).map(([name, part]): readonly [string, unknown] =>
    typeof part === 'function' ? [name, tracked(part as Call)] : [name, part],
  )
  return {
    ...(Object.fromEntries(calls) as unknown as Driver),
    async close() {
      await Promise.allSettled(running)
      await driver.close()
    },
  }
}
