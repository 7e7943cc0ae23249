import {
  defineTask,
  formatTrackingId,
  type Answer,
  type Feedback,
  type FeedbackTarget,
  type Prediction,
  type Task,
  type TrackingIdParts,
} from '@groundtrace/core'
import * as fc from 'fast-check'

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter((text) => /[1-9a-f]/.test(text))

/** Parts of any tracking ID. */
export const parts: fc.Arbitrary<TrackingIdParts> = fc.record(
  { traceId: hex(32), spanId: hex(16), row: fc.maxSafeNat() },
  { requiredKeys: ['traceId', 'spanId'] },
)
export const trackingIds = parts.map((made) => formatTrackingId(made))

const names = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/)
const keys = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => text.length <= 256 && text !== '__proto__' && !text.includes('\0'))
const texts = fc.string({ unit: 'grapheme', maxLength: 30 })

/** Milliseconds from 2001 to 2096: between two neighbouring doubles there lie more than 100 nanoseconds. */
export const times = fc.double({ min: 1e12, max: 4e12, noNaN: true })

/** Finite and not −0, which JSON does not keep. */
const numbers = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)
const propensities = fc.double({ min: 1e-6, max: 1, noNaN: true })
const shares = fc.double({ min: 0, max: 1, noNaN: true }).map((share) => share + 0)
const classes = fc.uniqueArray(
  keys.filter((key) => !/^\(.*\)$/s.test(key)),
  { minLength: 2, maxLength: 5 },
)

export const tasks: fc.Arbitrary<Task> = fc.oneof(
  fc.record({ name: names, classes }).map(({ name, classes }) => {
    return defineTask({ name, kind: 'binary', classes: classes.slice(0, 2) })
  }),
  fc.record({ name: names, classes }).map(({ name, classes }) => defineTask({ name, kind: 'multiclass', classes })),
  fc
    .record({ name: names, kind: fc.constantFrom('binary', 'multiclass', 'regression', 'ranking', 'generation') })
    .map((definition) => defineTask(definition)),
)

const valueOf = (task: Task): fc.Arbitrary<string | number | string[]> => {
  if (task.kind === 'regression') return numbers
  if (task.kind === 'ranking') return fc.array(keys, { maxLength: 4 })
  if (task.kind === 'generation') return texts
  return task.classes === undefined ? keys : fc.constantFrom(...task.classes)
}

const features = fc.dictionary(
  keys,
  fc.oneof(texts, numbers, fc.boolean(), fc.array(texts, { maxLength: 3 }), fc.array(numbers, { maxLength: 3 })),
  { maxKeys: 4 },
)

const policies = fc.oneof(
  fc.record({ action: keys }),
  fc.record({ variant: keys }),
  fc.record({ action: keys, propensity: propensities, explored: fc.boolean() }),
)

/** Any prediction that passes the edge. */
export const predictions: fc.Arbitrary<Prediction> = tasks.chain(predictionsOf).map(({ whole, ...rest }) => {
  return rest.parent === undefined || whole === undefined ? rest : { ...rest, whole }
})

function predictionsOf(task: Task): fc.Arbitrary<Prediction> {
  return fc.record(
    {
      id: trackingIds,
      task: fc.constant(task),
      model: fc.record({ name: names, version: names }),
      time: times,
      value: valueOf(task),
      scores: fc.dictionary(keys, numbers, { maxKeys: 3 }),
      features,
      slices: fc.dictionary(keys, keys, { maxKeys: 3 }),
      entity: keys,
      user: keys,
      policy: policies,
      latencySeconds: shares,
      error: keys,
      parent: trackingIds,
      whole: trackingIds,
    },
    { requiredKeys: ['id', 'task', 'model', 'time', 'value'] },
  )
}

const labels = fc.oneof(texts, numbers, fc.array(keys, { maxLength: 3 }))

/** Any answer. */
export const answers: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ kind: fc.constant('rating'), right: fc.boolean() }),
  fc.record({ kind: fc.constant('stars'), stars: fc.constantFrom(1, 2, 3, 4, 5) }),
  fc.record({ kind: fc.constantFrom('correction', 'outcome'), label: labels }),
  fc.record(
    {
      kind: fc.constant('annotation'),
      label: labels,
      by: fc.constantFrom('crowd', 'expert'),
      posterior: shares,
      method: keys,
    },
    { requiredKeys: ['kind', 'label', 'by'] },
  ),
  fc.record({ kind: fc.constant('acceptance'), editRate: shares }, { requiredKeys: ['kind'] }),
  fc.record({ kind: fc.constant('action'), action: names, item: keys }, { requiredKeys: ['kind', 'action'] }),
  fc.constant({ kind: 'no-action' }),
  fc.record({ kind: fc.constant('harm'), report: texts.filter((text) => text !== '') }),
)

const targets: fc.Arbitrary<FeedbackTarget> = fc.oneof(
  fc.record({ prediction: trackingIds }),
  fc.record({ entity: keys, task: names }),
)

type Common = Pick<Feedback, 'id' | 'target' | 'time' | 'source' | 'user' | 'comment' | 'propensity'>

const common: fc.Arbitrary<Common> = fc.record(
  {
    id: trackingIds,
    target: targets,
    time: times,
    source: names,
    user: keys,
    comment: texts,
    propensity: propensities,
  },
  { requiredKeys: ['id', 'target', 'time', 'source'] },
)
const replacing = fc.record({ supersedes: trackingIds }, { requiredKeys: [] })

/** Any feedback that passes the edge. */
export const feedback: fc.Arbitrary<Feedback> = fc.oneof(
  fc
    .tuple(common, replacing, answers)
    .map(([said, replaced, answer]): Feedback => ({ ...said, ...replaced, ...answer })),
  fc.tuple(common, trackingIds).map(([said, retracts]): Feedback => ({ ...said, kind: 'retraction', retracts })),
)

/** Anything at all, hostile forms first. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, Number.NaN, Infinity, -1, 0n, 1n, '', '__proto__', 'constructor', 'x'.repeat(1e5)),
  fc.constantFrom(Symbol('junk'), () => 'junk', [], {}, [null], new Map(), new Date(Number.NaN), Object.create(null)),
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
)
