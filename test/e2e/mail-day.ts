import {
  defineTask,
  feedbackId,
  formatTrackingId,
  parseTrackingId,
  type Feedback,
  type LineageLine,
  type Policy,
  type Prediction,
} from '@groundtrace/core'

/**
 * A day of a spam filter, small enough to work out every figure by hand:
 *
 * | predicted | action | propensity | predictions | explored | of them spam | answered unasked | of them spam |
 * | --------- | ------ | ---------- | ----------- | -------- | ------------ | ---------------- | ------------ |
 * | spam      | block  | 0.25       | 40          | 10       | 8            |                  |              |
 * | spam      | block  | 0.1        | 100         | 10       | 9            |                  |              |
 * | ham       | pass   | 0.05       | 400         | 20       | 1            | 60               | 10           |
 */
export const TASK = defineTask({
  name: 'spam',
  kind: 'binary',
  classes: ['ham', 'spam'],
  horizonSeconds: 24 * 3600,
  unobservableActions: ['block'],
})

/** When the day began. */
export const START = Date.UTC(2026, 0, 5)
const HALF_A_MINUTE = 30_000
const TWO_HOURS = 2 * 3600 * 1000

interface Mail {
  readonly prediction: Prediction
  readonly truth?: 'ham' | 'spam'
}

interface Stratum {
  readonly predicted: 'ham' | 'spam'
  readonly action: string
  readonly propensity: number
  readonly predictions: number
  readonly explored: number
  readonly exploredSpam: number
  readonly answered: number
  readonly answeredSpam: number
}

const STRATA: readonly Stratum[] = [
  {
    predicted: 'spam',
    action: 'block',
    propensity: 0.25,
    predictions: 40,
    explored: 10,
    exploredSpam: 8,
    answered: 0,
    answeredSpam: 0,
  },
  {
    predicted: 'spam',
    action: 'block',
    propensity: 0.1,
    predictions: 100,
    explored: 10,
    exploredSpam: 9,
    answered: 0,
    answeredSpam: 0,
  },
  {
    predicted: 'ham',
    action: 'pass',
    propensity: 0.05,
    predictions: 400,
    explored: 20,
    exploredSpam: 1,
    answered: 60,
    answeredSpam: 10,
  },
]

function truthOf(stratum: Stratum, place: number): 'ham' | 'spam' | undefined {
  const { explored, exploredSpam, answered, answeredSpam } = stratum
  if (place < explored) return place < exploredSpam ? 'spam' : 'ham'
  if (place < explored + answered) return place - explored < answeredSpam ? 'spam' : 'ham'
  return undefined
}

function mails(): readonly Mail[] {
  let number = 0
  return STRATA.flatMap((stratum) =>
    Array.from({ length: stratum.predictions }, (_, place): Mail => {
      number += 1
      const { predicted, action, propensity } = stratum
      const policy: Policy = { action, propensity, explored: place < stratum.explored }
      const spam = predicted === 'spam' ? 0.95 : 0.05
      const hex = number.toString(16)
      const prediction: Prediction = {
        id: formatTrackingId({ traceId: hex.padStart(32, '0'), spanId: hex.padStart(16, '0') }),
        task: TASK,
        model: { name: 'filter', version: 'v1' },
        time: START,
        value: predicted,
        scores: { ham: 1 - spam, spam },
        policy,
      }
      const truth = truthOf(stratum, place)
      return truth === undefined ? { prediction } : { prediction, truth }
    }),
  )
}

export const MAILS = mails()

/**
 * Of each mail, what one model within the filter says: always spam. No figure of the table above knows of it; it is right
 * as often as spam is true.
 */
export function membersOf(mails_: readonly Mail[]): readonly Prediction[] {
  return mails_.map(({ prediction }) => {
    const { policy: _, ...rest } = prediction
    const id = formatTrackingId({ ...parseTrackingId(prediction.id), spanId: `f${prediction.id.slice(-15)}` })
    const model = { name: 'words', version: 'v1' }
    return { ...rest, id, model, value: 'spam', parent: prediction.id, whole: prediction.id }
  })
}

/** Every fourth prediction first, then the others: what rises in step lets ratios of increases be exact. */
export function inTwoParts<T>(items: readonly T[], every: number): readonly [first: readonly T[], rest: readonly T[]] {
  return [items.filter((_, index) => index % every === 0), items.filter((_, index) => index % every !== 0)]
}

function answer({ prediction, truth }: Mail): Feedback {
  const explored = prediction.policy?.explored === true
  const source = explored ? 'auditor' : 'recipient'
  const common = { id: feedbackId(source, prediction.id), target: { prediction: prediction.id }, source }
  if (explored) {
    return { ...common, kind: 'annotation', by: 'expert', label: truth ?? '', time: prediction.time + TWO_HOURS }
  }
  return { ...common, kind: 'correction', label: truth ?? '', time: prediction.time + HALF_A_MINUTE }
}

const known = MAILS.filter(({ truth }) => truth !== undefined)
/** Of the auditor: 40, two hours after the prediction. */
export const AUDITS = known.filter(({ prediction }) => prediction.policy?.explored === true).map(answer)
/** Of recipients: 60, half a minute after. */
export const CORRECTIONS = known.filter(({ prediction }) => prediction.policy?.explored !== true).map(answer)

/** After the horizon the world says that a mail that was held to be ham is spam. */
export function lateTruth(): Feedback {
  const corrected = known.find(({ prediction, truth }) => truth === 'ham' && prediction.policy?.explored !== true)
  if (corrected === undefined) throw new Error('The day has no mail that a recipient called ham')
  const { id } = corrected.prediction
  return {
    id: feedbackId('blocklist', id),
    target: { prediction: id },
    source: 'blocklist',
    kind: 'outcome',
    label: 'spam',
    time: START + 2 * 24 * 3600 * 1000,
  }
}

/** Feedback on a prediction that nobody knows. */
export const ORPHAN: Feedback = {
  id: feedbackId('recipient', 'orphan'),
  target: { prediction: formatTrackingId({ traceId: 'f'.repeat(32), spanId: 'f'.repeat(16) }) },
  source: 'recipient',
  kind: 'rating',
  right: true,
  time: START,
}

type Event = LineageLine extends infer L ? (L extends LineageLine ? Omit<L, 'id' | 'time'> : never) : never
const lines = (generation: string, events: readonly Event[]): readonly LineageLine[] =>
  events.map((event, index) => ({ ...event, id: `${generation}-${index}`, time: START }))

const members = known.slice(0, 12).map(({ prediction }) => {
  return { example: prediction.id, prediction: prediction.id, feedback: [] }
})
const dataSet = (name: string, role: 'training' | 'validation', count: number): Event => {
  return {
    kind: 'data-set-made',
    dataSet: name,
    role,
    task: 'spam',
    hash: '0'.repeat(64),
    members: members.slice(0, count),
  }
}

/** The first version: trained on 8 examples, validated with 4, deployed. */
export const FIRST_GENERATION = lines('first', [
  dataSet('first-training', 'training', 8),
  dataSet('first-validation', 'validation', 4),
  {
    kind: 'version-trained',
    model: 'filter',
    version: 'v1',
    trainedOn: 'first-training',
    validatedOn: 'first-validation',
  },
  { kind: 'version-deployed', model: 'filter', version: 'v1', reason: 'cold start' },
])
/** The second: asked for by drift, let through by the gate, deployed in place of the first. */
export const SECOND_GENERATION = lines('second', [
  { kind: 'retraining-asked', model: 'filter', trigger: 'drift', reason: 'index above its threshold' },
  dataSet('second-training-set', 'training', 12),
  { kind: 'version-trained', model: 'filter', version: 'v2', trainedOn: 'second-training-set' },
  { kind: 'gate-decided', model: 'filter', candidate: 'v2', champion: 'v1', verdict: 'promote', reason: 'better' },
  { kind: 'version-deployed', model: 'filter', version: 'v2', reason: 'promoted' },
  { kind: 'version-retired', model: 'filter', version: 'v1', reason: 'replaced' },
  // Nobody declared these two deployed; only the first predicts.
  { kind: 'version-seen', model: 'words', version: 'v1' },
  { kind: 'version-seen', model: 'filter', version: 'v3', previous: 'v2' },
])
