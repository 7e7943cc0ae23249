import { GroundtraceError } from '@groundtrace/core'
import type { AnswerBook } from '../bridge/answer-book.ts'
import type { Outbox } from '../bridge/outbox.ts'
import type { CrowdChoice } from './consensus-choice.ts'
import { decide, wantedMarks, type Decision, type HeldUnit } from './decide.ts'
import { heldUnits, votesBy } from './held-units.ts'
import { UNHEARD } from './truth-line.ts'
import { checkedTruthPolicy, type TruthPolicy } from './truth-policy.ts'
import type { AnswerReader } from './votes.ts'
import { writeBack, type GroundTruthServer } from './write-back.ts'

export interface TruthOptions {
  readonly outbox: Outbox
  readonly policy: TruthPolicy
  readonly readAnswer: AnswerReader
  /** Where truth is written back to, as ground truth, and where who is settled is served no more. Default: nowhere. */
  readonly server?: GroundTruthServer
}

/** What a round brought. */
export interface TruthRound {
  /** Units whose answers had changed. */
  readonly touched: number
  /** Lines for the register: labels, and labels taken back. */
  readonly settled: number
  readonly retracted: number
  /** Units that were sent to the experts. */
  readonly escalated: number
  /** Units whose mark on the server was brought up to what is held. */
  readonly marked: number
  /** How the crowd's answers were put together. Absent when nothing had changed, and without a crowd. */
  readonly consensus?: CrowdChoice
}

export interface Truth {
  /**
   * Settles what can be settled by now. What is held, the lines for the register, the units for experts and the place up to
   * which answers were read are stored in one transaction: whatever dies, each line is made once.
   * Rejects with GroundtraceError `outbox-unavailable`, or as the server does that truth is written back to: then all else
   * is stored, and writing back goes on next time.
   */
  settle(book: AnswerBook): Promise<TruthRound>
}

/** What has changed in the book since it was last read: the keys of units. */
function readChanges(book: AnswerBook, from: number): { readonly keys: ReadonlySet<string>; readonly upto: number } {
  const keys = new Set<string>()
  for (let upto = from; ;) {
    const { changes, position } = book.changes({ after: upto })
    if (changes.length === 0 && position === upto) return { keys, upto }
    for (const { unit } of changes) keys.add(unit.key)
    upto = position
  }
}

/** By number, so that lines come in the same order after a restart. */
const inOrder = (held: ReadonlyMap<number, HeldUnit>): readonly HeldUnit[] =>
  [...held.values()].toSorted((a, b) => a.unit.id - b.unit.id)

/**
 * Settles the truth of predictions from what annotators say. Answers are kept in memory between rounds, some hundred bytes
 * each.
 * @throws GroundtraceError `invalid-argument` for a policy that can't be meant
 */
export function createTruth({ outbox, policy: given, readAnswer, server }: TruthOptions): Truth {
  const policy = checkedTruthPolicy(given)
  if (typeof readAnswer !== 'function') {
    throw new GroundtraceError('invalid-argument', 'Truth has nothing that reads answers', 'Pass readAnswer')
  }
  const { crowd, expert } = policy
  const reader = `truth.${crowd?.project ?? expert?.project ?? ''}`
  /** By the unit's number. Undefined until it is read from the book, also after a write that failed. */
  let memory: Map<number, HeldUnit> | undefined

  /** Brings memory up to the book. @returns whether anything may follow from it */
  function refresh(book: AnswerBook, held: Map<number, HeldUnit>, keys: ReadonlySet<string>): boolean {
    for (const key of keys) {
      const bookUnit = book.unit(key)
      if (bookUnit === undefined) continue
      const votes = votesBy(policy, readAnswer, bookUnit)
      if (votes === undefined) continue
      const { unit } = bookUnit
      held.set(unit.id, { unit, votes, truth: held.get(unit.id)?.truth ?? UNHEARD })
    }
    const conflicts = outbox.truths.conflicts().filter((id) => held.has(id))
    const standing = conflicts.length === 0 ? undefined : outbox.truths.standing()
    for (const id of conflicts) {
      const known = held.get(id)
      if (known !== undefined) held.set(id, { ...known, truth: standing?.get(id) ?? UNHEARD })
    }
    return keys.size > 0 || conflicts.length > 0
  }

  /** Within a transaction. */
  function store(decisions: readonly Decision[], consensus: CrowdChoice | undefined): void {
    const fit = consensus && crowd && outbox.truths.addFit(crowd.project, consensus)
    for (const { held, verdict, step } of decisions) {
      if (step === undefined) continue
      const { truth, feedback } = step
      const said = feedback?.kind === 'retraction' || feedback?.kind === 'annotation' ? feedback.kind : undefined
      const line = feedback?.id ?? outbox.truths.of(held.unit.id).at(-1)?.feedback
      outbox.truths.append(held.unit.id, {
        stage: truth.stage,
        ...('label' in verdict && { label: verdict.label }),
        version: truth.version,
        ...(line !== undefined && { feedback: line }),
        ...(said !== undefined && { said }),
        verdict,
        ...(fit !== undefined && held.unit.project === crowd?.project && { fit }),
      })
    }
  }

  function round(book: AnswerBook): TruthRound {
    const from = book.position(reader)
    const { keys, upto } = readChanges(book, from)
    const isFirst = memory === undefined
    const held = memory ?? heldUnits(book, outbox.truths, policy, readAnswer)
    memory = undefined
    if (!refresh(book, held, keys) && !isFirst) {
      memory = held
      return { touched: 0, settled: 0, retracted: 0, escalated: 0, marked: 0 }
    }
    const { decisions, consensus } = decide(inOrder(held), policy, outbox.now())
    const steps = decisions.filter(({ step }) => step !== undefined)
    const feedback = steps.flatMap(({ step }) => step?.feedback ?? [])
    const planned = steps.flatMap(({ step }) => step?.plan ?? [])
    for (const { held: known, step } of steps) {
      if (step !== undefined) held.set(known.unit.id, { ...known, truth: step.truth })
    }
    outbox.write(() => {
      if (steps.length > 0) store(steps, consensus)
      if (server !== undefined) {
        storeMarks(held)
        storeServings(held)
      }
      book.advance(reader, upto, feedback, planned)
    })
    memory = held
    return {
      touched: keys.size,
      settled: feedback.filter(({ kind }) => kind === 'annotation').length,
      retracted: feedback.filter(({ kind }) => kind === 'retraction').length,
      escalated: planned.length,
      marked: 0,
      ...(consensus !== undefined && { consensus }),
    }
  }

  /** Within a transaction. */
  function storeMarks(held: ReadonlyMap<number, HeldUnit>): void {
    const wanted = wantedMarks([...held.values()], policy)
    const known = outbox.truths.wanted()
    for (const id of held.keys()) {
      if (wanted.get(id) !== known.get(id)) outbox.truths.want(id, wanted.get(id))
    }
  }

  /** Within a transaction. What needs no more answers of the crowd is not to be served any more, until it does. */
  function storeServings(held: ReadonlyMap<number, HeldUnit>): void {
    const known = outbox.servings.stopped()
    for (const [id, { unit, votes, truth }] of held) {
      if (unit.project !== crowd?.project) continue
      const answers = votes.votes.length + votes.skipped + votes.uncounted
      const after = truth.stage === 'open' ? undefined : answers
      if (after !== known.get(id)) outbox.servings.want(id, after)
    }
  }

  return {
    async settle(book) {
      const settled = round(book)
      return server === undefined ? settled : { ...settled, marked: await writeBack(outbox, server) }
    },
  }
}
