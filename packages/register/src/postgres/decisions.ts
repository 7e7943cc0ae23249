import type { Consent, Subjects } from '../decide/books.ts'
import { joining, type Joining } from '../decide/join.ts'
import { placing } from '../decide/place.ts'
import { settling, type Settling } from '../decide/settle.ts'
import type { Connection, Database } from './database.ts'
import { loading } from './load.ts'
import type { Needs } from './needs.ts'
import { LOCKS } from './schema.ts'
import type { Tasks } from './tasks.ts'
import { Missing, workingSet, type Changes, type WorkingSet } from './working-set.ts'

/** Where decisions are made, over the books of one transaction. */
export interface Decisions {
  readonly subjects: Subjects
  readonly join: Joining
  readonly settle: Settling
}

/** What a transaction brings beside what is kept. */
export type Brought = Pick<Parameters<typeof workingSet>[0], 'fresh' | 'called'> & {
  /** Users of what is appended, of whom nothing may be kept. */
  readonly withdrawn?: ReadonlySet<string>
}

/** Runs one piece of deciding, and notes down what it misses instead of failing. */
export type Attempt = (piece: () => void) => void

export interface Deciding<Found, Result> {
  readonly recorded: number
  /** What is known to be needed; what else is, is added. */
  readonly needs: Needs
  /** Reads what else there is to know, under the locks. */
  readonly find: (connection: Connection) => Promise<Found>
  readonly brought: (found: Found) => Brought
  /** Decides all, piece by piece: where one misses something, the next may say what else is missing. */
  readonly decide: (decisions: Decisions, attempt: Attempt, found: Found) => Result
  readonly write: (connection: Connection, changes: Changes, result: Result) => Promise<void>
}

/**
 * Decides and writes in one transaction, under the locks of all that was asked for. Loads what is known to be needed; where
 * that was not all, loads again with the rest.
 */
export type InTransaction = <Found, Result>(deciding: Deciding<Found, Result>) => Promise<Result>

/** More locks are needed: the transaction begins again. */
class MoreLocks extends Error {}

/** Rounds of finding out what else is needed; each needs something new, and chains of feedback are short. */
const MAX_ROUNDS = 1000

function unlessMissing<T>(work: () => T, otherwise: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof Missing) throw error
    return otherwise()
  }
}

function decisionsOver(
  { subjects, ledger, pen, outcomes, tallies }: WorkingSet,
  withdrawn: ReadonlySet<string> = new Set(),
): Decisions {
  const consent: Consent = { isWithdrawn: (user) => withdrawn.has(user) }
  const unlessStoreFailed = unlessMissing
  const settle = settling({ ledger, outcomes, tallies, unlessStoreFailed })
  const place = placing(subjects, ledger, pen)
  return {
    subjects,
    settle,
    join: joining({ ledger, pen, place, settling: settle, tallies, consent, unlessStoreFailed }),
  }
}

function attempt(piece: () => void): void {
  try {
    piece()
  } catch (error) {
    if (!(error instanceof Missing)) throw error
  }
}

/** Statements that take locks, in order, at the beginning of a transaction, and that read what tasks are new. */
export function beginning({ lockClass }: Database, tasks: Tasks, needs: Needs, mode: '' | '_shared' = ''): string {
  return `SELECT pg_advisory_xact_lock_shared(${lockClass}, ${LOCKS.consent}),
      (SELECT count(pg_advisory_xact_lock${mode}(${lockClass}, stripe)::text)
       FROM unnest('{${needs.stripes().join(',')}}'::integer[]) AS stripe);
    ${tasks.news()}`
}

/** What {@link beginning} read of tasks. */
export const taskNews = (begun: readonly (readonly unknown[])[]): readonly unknown[] => begun.slice(1).flat()

export function deciding(database: Database, tasks: Tasks): InTransaction {
  const load = loading(database)

  return async <Found, Result>(given: Deciding<Found, Result>): Promise<Result> => {
    const { recorded, needs, find, brought, decide, write } = given
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const held = new Set(needs.stripes())

      const work = async (connection: Connection, begun: readonly (readonly unknown[])[]): Promise<Result> => {
        tasks.absorb(taskNews(begun))
        const found = await find(connection)
        const { withdrawn, ...extra } = brought(found)
        for (const id of extra.called ?? []) needs.feedback.add(id)
        for (;;) {
          if (needs.stripes().some((stripe) => !held.has(stripe))) throw new MoreLocks('Not all is locked yet')
          const loaded = await load(connection, needs)
          const books = workingSet({ needs, loaded, tasks, recorded, ...extra })
          const result = decide(decisionsOver(books, withdrawn), attempt, found)
          if (books.missing.size === 0) {
            await write(connection, books.changes, result)
            return result
          }
          needs.addAll(books.missing)
        }
      }

      try {
        return await database.write(work, beginning(database, tasks, needs))
      } catch (error) {
        if (!(error instanceof MoreLocks)) throw error
      }
    }
    throw new Error('Feedback leads from one to the next without end')
  }
}
