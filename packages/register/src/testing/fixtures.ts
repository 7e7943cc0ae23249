import {
  defineTask,
  deploymentEvent,
  deploymentFromEvent,
  formatTrackingId,
  type Answer,
  type Deployment,
  type Feedback,
  type LedgerLines,
  type Ledger,
  type LineageLine,
  type Prediction,
  type Register,
  type TrackingId,
} from '@groundtrace/core'

/** One day, in milliseconds. */
export const DAY = 24 * 3600 * 1000
/** When the time of these tests begins: so long ago that the last of them is not ahead of a clock. */
export const START = Date.UTC(2020, 0, 1)

/** Closes after a day. A mail that is blocked is seen by nobody; its sender gains from “not spam”. */
export const SPAM = defineTask({
  name: 'spam',
  kind: 'binary',
  classes: ['ham', 'spam'],
  horizonSeconds: DAY / 1000,
  unobservableActions: ['block'],
  gainfulSources: ['sender'],
})
/** No dispute within two days proves `honest`. */
export const FRAUD = defineTask({
  name: 'fraud',
  kind: 'binary',
  classes: ['honest', 'fraud'],
  horizonSeconds: (2 * DAY) / 1000,
  silence: 'honest',
})
export const TOPIC = defineTask({ name: 'topic', kind: 'multiclass', classes: ['sport', 'arts', 'trade'] })
export const PRICE = defineTask({ name: 'price', kind: 'regression', tolerance: 5 })
export const RANKING = defineTask({ name: 'ranking', kind: 'ranking' })
export const REPLY = defineTask({ name: 'reply', kind: 'generation' })
export const TASKS = [SPAM, FRAUD, TOPIC, PRICE, RANKING, REPLY]

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0')

/** The tracking ID with this number; the trace is shared by those with the same `trace`. */
export function id(number: number, trace = number): TrackingId {
  return formatTrackingId({ traceId: hex(trace, 32), spanId: hex(number, 16) })
}

/** A prediction of {@link SPAM}, `minutes` after the start, but for what is given. */
export function prediction(number: number, given: Partial<Prediction> = {}): Prediction {
  return {
    id: id(number),
    task: SPAM,
    model: { name: 'filter', version: 'v1' },
    time: START + number * 60_000,
    value: 'spam',
    ...given,
  }
}

/** A feedback on prediction `about`, an hour after the start and `number` minutes, but for what is given. */
export function feedback(number: number, about: number, given: Partial<Feedback> & Answer): Feedback {
  return {
    id: id(number),
    target: { prediction: id(about) },
    time: START + 3_600_000 + number * 60_000,
    source: 'recipient',
    ...given,
  }
}

export const rated = (number: number, about: number, right: boolean, given: Partial<Feedback> = {}): Feedback =>
  feedback(number, about, { ...given, kind: 'rating', right })

export const corrected = (number: number, about: number, label: string, given: Partial<Feedback> = {}): Feedback =>
  feedback(number, about, { ...given, kind: 'correction', label })

export const retraction = (number: number, about: number, retracts: number, given: Partial<Feedback> = {}): Feedback =>
  feedback(number, about, { ...given, kind: 'retraction', retracts: id(retracts) })

/** A data set with these members: pairs of example and prediction. */
export function dataSetMade(
  dataSet: string,
  members: readonly (readonly [example: number, prediction: number])[],
  role: 'training' | 'validation' = 'training',
): LineageLine {
  return {
    kind: 'data-set-made',
    id: `line-${dataSet}`,
    time: START,
    dataSet,
    role,
    task: 'spam',
    hash: 'ab'.repeat(32),
    members: members.map(([example, about]) => ({
      example: id(example),
      prediction: id(about),
      feedback: [id(example)],
    })),
  }
}

export function versionTrained(version: string, trainedOn: string, validatedOn?: string): LineageLine {
  return {
    kind: 'version-trained',
    id: `line-${version}`,
    time: START,
    model: 'filter',
    version,
    trainedOn,
    ...(validatedOn === undefined ? {} : { validatedOn }),
  }
}

/** A version of the model `filter` that was seen to predict; the ID is that of its model and version. */
export function versionSeen(version: string, given: Partial<Omit<Deployment, 'version'>> = {}): LineageLine {
  return deploymentFromEvent(deploymentEvent({ model: 'filter', version, time: START, ...given }))
}

/** The statuses of receipts. */
export const statuses = (receipts: readonly { readonly status: string }[]): readonly string[] =>
  receipts.map(({ status }) => status)

/** A whole ledger, read page by page. */
export async function wholeLedger<L extends Ledger>(
  register: Register,
  ledger: L,
  limit = 3,
): Promise<readonly LedgerLines[L][]> {
  const lines: LedgerLines[L][] = []
  for (let after = 0; ;) {
    const page = await register.read(ledger, { after, limit })
    if (page.lines.length === 0) return lines
    lines.push(...page.lines)
    after = page.position
  }
}
