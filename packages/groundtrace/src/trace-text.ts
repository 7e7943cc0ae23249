import type {
  Features,
  Feedback,
  FeedbackTarget,
  JoinedFeedback,
  Outcome,
  Prediction,
  TrackingId,
} from '@groundtrace/core'
import type { AroundPrediction, InsidePrediction } from './prediction-tree.ts'
import type { Trace } from './trace.ts'

type Row = readonly [label: string, value: string]

/** ISO time. */
export const iso = (time: number): string => new Date(time).toISOString()

/** Longest feature value that the page shows. */
const SHOWN = 160

/** Control and formatting characters, among them those that reverse the direction of text. */
const CONTROL = /[\p{Cc}\p{Cf}]/gu

/** Foreign text on one line of a terminal, cut after so many characters: control characters can't move the cursor. */
export function oneLine(value: unknown, shown = SHOWN): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = text.replace(CONTROL, ' ')
  return safe.length > shown ? `${safe.slice(0, shown)}…` : safe
}

/** Features that the page shows; the rest is counted. */
const FEATURES_SHOWN = 40

function featureRows(features: Features): readonly Row[] {
  const entries = Object.entries(features)
  const rows = entries
    .slice(0, FEATURES_SHOWN)
    .map(([name, feature]): Row => [`feature ${oneLine(name)}`, oneLine(feature)])
  const more = entries.length - rows.length
  return more === 0 ? rows : [...rows, ['features', `and ${more} more: --json shows all`]]
}

function predictionRows(prediction: Prediction): readonly Row[] {
  const { task, model, value, scores, policy, slices, features } = prediction
  const rows: readonly (readonly [string, unknown])[] = [
    ['task', `${task.name} (${task.kind})`],
    ['model', `${model.name} ${model.version}`],
    ['made', iso(prediction.time)],
    ['said', value],
    ['scores', scores],
    ['error', prediction.error],
    ['policy', policy],
    ['slices', slices],
    ['entity', prediction.entity],
    ['user', prediction.user],
    [
      'latency',
      prediction.latencySeconds === undefined ? undefined : `${Number(prediction.latencySeconds.toPrecision(3))} s`,
    ],
  ]
  const known = rows.filter(([, shown]) => shown !== undefined).map(([label, shown]): Row => [label, oneLine(shown)])
  const payload: readonly Row[] =
    features === undefined ? [['features', 'none kept, or erased']] : featureRows(features)
  return [...known, ...payload]
}

/** A prediction in a few words. */
function inShort({ task, model, value, error }: Prediction): string {
  const said = value === undefined ? `failed: ${oneLine(error)}` : `said ${oneLine(value)}`
  return `${model.name} ${model.version}, ${task.name}: ${said}`
}

function aroundRow({ trackingId, prediction, rows = [] }: AroundPrediction, whole: TrackingId | undefined): Row {
  const role = trackingId === whole ? '; answers the task' : ''
  if (prediction !== undefined) return [trackingId, `${inShort(prediction)}${role}`]
  if (rows.length > 0) return [trackingId, `a batch of ${rows.length} rows, ${rows[0]} and so on${role}`]
  return [trackingId, `not in the register${role}`]
}

function insideRows(inside: readonly InsidePrediction[], depth = 0): readonly Row[] {
  return inside.flatMap(({ trackingId, prediction, correct, inside: nested }): readonly Row[] => {
    const verdict = correct === undefined ? '' : correct ? ', right by this truth' : ', wrong by this truth'
    const row: Row = [`${'  '.repeat(depth)}${trackingId}`, `${inShort(prediction)}${verdict}`]
    return [row, ...insideRows(nested, depth + 1)]
  })
}

/** A section that is only there when it says something. */
function optional(title: string, rows: readonly Row[]): readonly string[] {
  return rows.length === 0 ? [] : [section(title, rows, '')]
}

/** What each kind of feedback said, in words. */
export function saying(feedback: Feedback): string {
  switch (feedback.kind) {
    case 'rating':
      return feedback.right ? 'right' : 'wrong'
    case 'stars':
      return `${feedback.stars} of 5 stars`
    case 'correction':
    case 'annotation':
    case 'outcome':
      return `${feedback.kind}: ${oneLine(feedback.label)}`
    case 'action':
      return `did ${feedback.action}`
    case 'retraction':
      return `takes back ${feedback.retracts}`
    default:
      return feedback.kind
  }
}

/** What somebody wrote. */
export function wordsOf(feedback: Feedback): string {
  const words = [feedback.comment, feedback.kind === 'harm' ? feedback.report : undefined]
  return words.filter((word) => word !== undefined).join(' ')
}

/** Characters of a comment or a report that the page shows. */
const WORDS_SHOWN = 2000

/** What is said in the rows below one, which have no label of their own. */
const below = (what: string, value: string): Row => ['', `  ${what} ${value}`]

function feedbackRows({ feedback, status, late, erased }: JoinedFeedback): readonly Row[] {
  const marks = [status, ...(late ? ['late'] : []), ...(erased ? ['erased'] : [])].join(', ')
  const { user, comment } = feedback
  const report = feedback.kind === 'harm' ? feedback.report : undefined
  return [
    [iso(feedback.time), `${oneLine(feedback.source)}: ${saying(feedback)} (${marks}) ${feedback.id}`],
    ...(user === undefined ? [] : [below('user', oneLine(user))]),
    ...(comment === undefined ? [] : [below('comment', oneLine(comment, WORDS_SHOWN))]),
    ...(report === undefined ? [] : [below('report', oneLine(report, WORDS_SHOWN))]),
  ]
}

/** Feedback of one outcome that the page names; the rest is counted. */
const EVIDENCE_SHOWN = 10

function evidenceRows(evidence: readonly TrackingId[]): readonly Row[] {
  const rows = evidence.slice(0, EVIDENCE_SHOWN).map((id) => below('rests on', id))
  const more = evidence.length - rows.length
  return more === 0 ? rows : [...rows, below('rests on', `${more} more: --json shows all`)]
}

function outcomeRows({ version, phase, state, label, authority, correct, evidence, time }: Outcome): readonly Row[] {
  const truth = label === undefined ? '' : `, truth is ${oneLine(label)}`
  const right = correct === undefined ? '' : correct ? ', prediction right' : ', prediction wrong'
  const said = authority === undefined ? '' : `, by ${authority}`
  return [[iso(time), `${version}. ${state} (${phase})${truth}${right}${said}`], ...evidenceRows(evidence)]
}

function section(title: string, rows: readonly Row[], empty: string): string {
  const width = rows.reduce((widest, [label]) => Math.max(widest, label.length), 0)
  const lines = rows.length === 0 ? [`  ${empty}`] : rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)
  return [title, ...lines].join('\n')
}

/** What is known by an ID although the register knows no prediction by it. */
export interface Unjoined {
  /** What the feedback of that ID waits for. */
  readonly awaited?: FeedbackTarget | undefined
  /** Feedback that waits for a prediction of that ID. */
  readonly waiting: readonly JoinedFeedback[]
}

/** Why an ID leads to no prediction, and what to do. */
export function unknownText(id: string, { awaited, waiting }: Unjoined): string {
  if (waiting.length > 0) {
    return [
      `The register knows no prediction by ${id} yet, but feedback that waits for it:`,
      ...waiting.map(
        ({ feedback }) => `  ${iso(feedback.time)}  ${oneLine(feedback.source)}: ${saying(feedback)}  ${feedback.id}`,
      ),
      'It joins by itself when the prediction comes. If that was made long ago, look whether its service sends to this register.',
    ].join('\n')
  }
  if (awaited === undefined) {
    return `The register knows no prediction by ${id}. Check the ID, or name another register with --register.`
  }
  const meant =
    'prediction' in awaited ? awaited.prediction : `of ${awaited.task} by the key ${oneLine(awaited.entity)}`
  return `Feedback ${id} waits for the prediction ${meant}, which the register does not know. It joins by itself when that comes; if it never does, check what the feedback names.`
}

/** A trace for a person at a terminal. */
export function traceText(trace: Trace): string {
  const uses = trace.dataSets.map(({ dataSet, role, versions, lost }): Row => [
    dataSet,
    `${role}${versions.length === 0 ? '' : ` of ${versions.join(', ')}`}${lost === undefined ? '' : `; lost: ${lost}`}`,
  ])
  return [
    section(
      `Prediction ${trace.trackingId}`,
      [['trace', trace.traceId], ['span', trace.spanId], ...predictionRows(trace.prediction)],
      '',
    ),
    ...optional(
      'Made inside of',
      trace.around.map((around) => aroundRow(around, trace.prediction.whole)),
    ),
    ...optional('Made inside of it', insideRows(trace.inside)),
    section('Feedback', trace.feedback.flatMap(feedbackRows), 'none yet'),
    section('Outcome', trace.outcomes.flatMap(outcomeRows), 'open: nobody has answered and the horizon has not passed'),
    section('Data sets', uses, 'in none'),
  ].join('\n\n')
}
