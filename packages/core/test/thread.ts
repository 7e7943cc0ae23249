import {
  TASK_KINDS,
  defineTask,
  type Answer,
  type Feedback,
  type Prediction,
  type TaskKind,
  type Value,
} from '@groundtrace/core'
import * as fc from 'fast-check'
import { DAY, id, MADE, predictionOf, TASKS } from './spam-filter.ts'

const LABELS: Readonly<Record<TaskKind, readonly Value[]>> = {
  binary: ['ham', 'spam'],
  multiclass: ['bills', 'friends', 'work'],
  regression: [10, 11, 30],
  ranking: [
    ['a', 'b'],
    ['b', 'a'],
  ],
  generation: ['Dear all', 'Dear Ann'],
}

const answersOf = (kind: TaskKind): fc.Arbitrary<Answer> => {
  const label = fc.constantFrom(...LABELS[kind])
  return fc.oneof(
    fc.record({ kind: fc.constant('rating'), right: fc.boolean() }),
    fc.record({ kind: fc.constant('stars'), stars: fc.constantFrom(1, 3, 5) }),
    fc.record({ kind: fc.constant('correction'), label }),
    fc.record({ kind: fc.constant('outcome'), label }),
    fc.record({ kind: fc.constant('annotation'), label, by: fc.constantFrom('crowd', 'expert') }),
    fc.constantFrom<Answer>({ kind: 'acceptance' }, { kind: 'no-action' }, { kind: 'harm', report: 'It hurt' }),
  )
}

const SIZE = 7
const another = (n: number): fc.Arbitrary<number> => fc.nat(SIZE - 1).filter((other) => other !== n)

/** The n-th line: it may replace or retract any other, which may be later, of another source, or not there. */
const lineOf = (kind: TaskKind, n: number): fc.Arbitrary<Feedback> =>
  fc
    .record({
      answer: answersOf(kind),
      source: fc.constantFrom('recipient', 'auditor', 'sender'),
      user: fc.constantFrom(undefined, undefined, 'alice', 'bob'),
      minute: fc.nat(3),
      link: fc.option(fc.record({ retracts: fc.boolean(), other: another(n) }), { nil: undefined }),
    })
    .map(({ answer, source, user, minute, link }) => {
      const said = { id: id(2 + n), target: { prediction: id(1) }, time: MADE + minute * 60_000, source }
      const common = user === undefined ? said : { ...said, user }
      if (link === undefined) return { ...common, ...answer }
      if (link.retracts) return { ...common, kind: 'retraction', retracts: id(2 + link.other) }
      return { ...common, ...answer, supersedes: id(2 + link.other) }
    })

/** A prediction, all that was said about it, and when we look. */
export interface Thread {
  readonly prediction: Prediction
  readonly lines: readonly Feedback[]
  readonly options: { readonly now?: number }
}

/** Threads of up to seven lines, of all kinds of tasks, observable or not, with and without declared silence. */
export const threads: fc.Arbitrary<Thread> = fc
  .record({
    kind: fc.constantFrom(...TASK_KINDS),
    action: fc.constantFrom('block', 'pass'),
    declares: fc.boolean(),
    options: fc.constantFrom({}, { now: MADE + DAY }, { now: MADE + 30 * DAY }),
  })
  .chain(({ kind, action, declares, options }) => {
    const silence = declares ? TASKS[kind].classes?.[0] : undefined
    const gain = { gainfulSources: ['sender'], unobservableActions: ['block'] }
    const task = defineTask({ ...TASKS[kind], ...gain, silence })
    const prediction = predictionOf(kind, { task, policy: { action } })
    return fc
      .tuple(...Array.from({ length: SIZE }, (_, n) => lineOf(kind, n)))
      .chain((lines) => fc.subarray(lines))
      .map((lines) => ({ prediction, lines, options }))
  })
