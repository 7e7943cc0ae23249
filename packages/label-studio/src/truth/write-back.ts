import { isOnServer, type AnswerLedger, type LedgerAnswer } from '../bridge/answer-ledger.ts'
import type { Outbox } from '../bridge/outbox.ts'
import type { Serving } from './serving-ledger.ts'
import type { Mark } from './truth-ledger.ts'

/** An answer on the server: the number of an annotation is given again, so only together with when it was made. */
export interface MarkedAnswer {
  readonly task: number
  readonly annotation: number
  readonly created: string
  /** When the server had last touched it when it was read, and what it held. */
  readonly updated: string
  readonly result: readonly unknown[]
}

/** A task on the server: its number is given again, so only together with its key. */
export interface ServedTask {
  readonly task: number
  readonly key: string
}

export interface GroundTruthServer {
  /**
   * Marks an annotation as ground truth, or takes the mark away. Again: changes nothing. Does nothing also when there is no
   * such annotation any more. Rejects as the server does.
   * @returns false when it is not as it was read, and nothing was done: to be read and thought about anew. A mark would make
   * us the last who wrote it, and hide who changed it before
   */
  mark(answer: MarkedAnswer, isGroundTruth: boolean): Promise<boolean>
  /**
   * Serves a task to annotators, or to nobody any more. Again: changes nothing. Resolves also when there is no such task any
   * more. Rejects as the server does.
   */
  serve(task: ServedTask, isServed: boolean): Promise<void>
}

/** So many failures in a row are not of single tasks: the server itself fails. */
const MOST_FAILURES = 3

/** Marks of one round: a server takes some ten a second, and others wait for it too. */
const MARKS = 100

function answerOf(answers: AnswerLedger, unit: number, id: number | undefined): LedgerAnswer | undefined {
  return id === undefined ? undefined : answers.of(unit).find((answer) => answer.id === id)
}

/** How many gaps had been told of when marks were last brought up to what is wanted. */
const READER = 'truth.gaps'

/** A server that was restored, or a project that was replaced, has lost marks: all are made anew where they are missing. */
function forgetLost({ gaps, positions, truths, servings, write }: Outbox): void {
  const lost = gaps
    .counts()
    .filter(({ kind }) => kind === 'restored' || kind === 'project-replaced')
    .reduce((sum, { gaps: number }) => sum + number, 0)
  if (positions.of(READER) === lost) return
  write(() => {
    truths.forgetMarks()
    servings.forget()
    positions.move(READER, lost)
  })
}

/**
 * Brings the marks on the server to what is wanted. What is marked is written down after the server has said so: after a
 * crash it is marked again, which changes nothing.
 * Which tasks are served follows after that: nobody is asked about what needs no more answers.
 * @returns how many units were brought up to it
 * Rejects as the server does; the rest waits.
 */
export async function writeBack(outbox: Outbox, server: GroundTruthServer, limit = MARKS): Promise<number> {
  const { truths, servings, answers, units, write } = outbox
  let done = 0
  forgetLost(outbox)

  async function mark({ unit, wanted, marked }: Mark): Promise<void> {
    const task = units.byId(unit)?.server?.task
    for (const [id, isGroundTruth] of [
      [marked, false],
      [wanted, true],
    ] as const) {
      const answer = answerOf(answers, unit, id)
      if (answer === undefined || task === undefined || !isOnServer(answer)) continue
      const { annotation, created, updated, content } = answer
      const known = { task, annotation, created, updated, result: content.result }
      if (!(await server.mark(known, isGroundTruth))) return
    }
    write(() => truths.marked(unit, wanted))
    done += 1
  }

  async function serve({ unit: id, after }: Serving): Promise<void> {
    const unit = units.byId(id)
    // It is sent again: the task that it gets is told of then.
    if (unit?.state === 'planned') return
    const task = unit?.server?.task
    if (unit !== undefined && task !== undefined) await server.serve({ task, key: unit.key }, after === undefined)
    write(() => servings.told(id, after))
  }

  const failures: unknown[] = []
  /** A task that can't be shown must not keep all others. */
  async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
    let inARow = 0
    for (const one of all) {
      try {
        await work(one)
        inARow = 0
      } catch (error) {
        failures.push(error)
        inARow += 1
        if (inARow === MOST_FAILURES) return
      }
    }
  }

  await each(truths.waiting(limit), mark)
  await each(servings.waiting(limit), serve)
  if (failures.length > 0) throw failures[0]
  return done
}
