import { withoutWords, type Register } from '@groundtrace/core'
import type { Loss } from './loss.ts'

/** Lines that were lost, or refused by the register, for one reason since the last time it was told. */
export interface LossDiagnostic {
  readonly reason: string
  readonly lines: number
  /** What the last of them ran into, where that is known: an error, or the reason of a receipt, without what was sent. */
  readonly error?: unknown
}

/** Keeps count of what was lost until it is told and written down. */
export interface LossBook {
  lose(reason: string, lines: number, error?: unknown): void
  /** Takes up what is told and not counted here: somebody else keeps count of it. */
  mention(reason: string, lines: number, error?: unknown): void
  total(): Loss
  /** Tells what is new. */
  tell(listener: (diagnostic: LossDiagnostic) => void): void
  /** Writes what is new into the register's loss ledger. Never rejects: what can't be written is tried again next time. */
  record(register: Register): Promise<void>
}

/** Tells a listener. What it throws is ignored: it must not make a loss worse. */
export function tell(listener: (diagnostic: LossDiagnostic) => void, diagnostic: LossDiagnostic): void {
  try {
    const heard: unknown = listener(diagnostic)
    // An async listener that rejects would end the process.
    void Promise.resolve(heard).catch(() => undefined)
  } catch {
    // Nobody is left to tell.
  }
}

export function lossBook(): LossBook {
  const total = new Map<string, number>()
  const told = new Map<string, number>()
  const recorded = new Map<string, number>()
  const mentioned = new Map<string, number>()
  const errors = new Map<string, unknown>()

  function since(before: ReadonlyMap<string, number>): readonly (readonly [reason: string, lines: number])[] {
    return [...total]
      .map(([reason, lines]) => [reason, lines - (before.get(reason) ?? 0)] as const)
      .filter(([, lines]) => lines > 0)
  }

  function mark(before: Map<string, number>, fresh: ReturnType<typeof since>): void {
    for (const [reason, lines] of fresh) before.set(reason, (before.get(reason) ?? 0) + lines)
  }

  function add(to: Map<string, number>, reason: string, lines: number, error: unknown): void {
    to.set(reason, (to.get(reason) ?? 0) + lines)
    if (error !== undefined) errors.set(reason, withoutWords(error))
  }

  return {
    lose: (reason, lines, error) => add(total, reason, lines, error),
    mention: (reason, lines, error) => add(mentioned, reason, lines, error),
    total: () => Object.fromEntries(total),
    tell(listener) {
      const fresh = since(told)
      mark(told, fresh)
      const all = [...fresh, ...mentioned]
      mentioned.clear()
      for (const [reason, lines] of all) {
        const error = errors.get(reason)
        tell(listener, { reason, lines, ...(error === undefined ? {} : { error }) })
      }
      errors.clear()
    },
    async record(register) {
      const fresh = since(recorded)
      if (fresh.length === 0) return
      try {
        await register.recordLoss(Object.fromEntries(fresh))
        mark(recorded, fresh)
      } catch {
        // Still unrecorded, and so taken up next time.
      }
    },
  }
}
