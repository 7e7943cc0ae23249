import { GroundtraceError, quote, type TrackingId } from '@groundtrace/core'
import {
  accuracyDrift,
  krippendorffAlpha,
  sharedErrors,
  type AccuracyChange,
  type AccuracyDrift,
  type KrippendorffAlpha,
} from '@groundtrace/statistics'
import { answerBook } from '../bridge/answer-book.ts'
import type { Outbox } from '../bridge/outbox.ts'
import { crowdConsensus, type CrowdChoice } from '../truth/consensus-choice.ts'
import { checkedTruthPolicy, type TruthPolicy } from '../truth/truth-policy.ts'
import type { AnswerReader } from '../truth/votes.ts'
import { annotatorAnswers, type AnnotatorAnswer } from './annotator-answer.ts'
import { annotatorEntries, type AnnotatorEntry } from './annotator-entry.ts'
import { annotatorModel, judgedAnswers, ratingsOf, type Judged } from './judge-answers.ts'
import { ownEvidence } from './own-evidence.ts'
import { periodOf } from './period.ts'
import { ratersInGroups, type GroupOfRaters } from './raters-in-groups.ts'

export interface AnnotatorReportOptions {
  readonly outbox: Outbox
  readonly policy: TruthPolicy
  readonly readAnswer: AnswerReader
  /** Length of a period, in days. Default 7: weeks that begin on Monday, UTC. */
  readonly periodDays?: number
}

/** One against many. */
export interface DriftReport {
  /** Period that is compared with all before it, by its first day. */
  readonly current: string
  /**
   * `raters`: those in `drifted` changed and others did not; `many`: all changed together, which tells of the guidelines or
   * of the world; `none`: nobody; `unknown`: too few annotators can be compared.
   */
  readonly verdict: AccuracyDrift['verdict']
  readonly drifted: readonly number[]
  /** The change that all have in common. */
  readonly common?: AccuracyChange
}

/** What is known of a crowd's annotators. Names people by their number: for whoever leads the annotation. */
export interface AnnotatorReport {
  readonly project: string
  /** In order of their numbers. */
  readonly annotators: readonly AnnotatorEntry[]
  readonly agreement: KrippendorffAlpha
  readonly consensus: CrowdChoice
  /** By the truth that all judge by, and by that of experts alone: a crowd that changes as one agrees with itself as before. */
  readonly drift?: DriftReport
  readonly driftByExperts?: DriftReport
  /** All answers by period: which guidelines they were given under, and how many were flagged as unclear. */
  readonly periods: readonly {
    readonly period: string
    readonly answers: number
    readonly unclear: number
    readonly guidelines: Readonly<Record<string, number>>
  }[]
  /** Why parts of answers were left out, by fault, in answers. */
  readonly faults: Readonly<Record<string, number>>
  /** Pairs that had too few settled units in common to tell whether one copies from the other. */
  readonly pairsUntested: number
  /** Declared groups of raters against the people whom the model serves; empty where none are declared. */
  readonly groups: readonly GroupOfRaters[]
}

const WEEK = 7

function driftOf(judged: readonly Judged[], days: number): AccuracyDrift | undefined {
  return accuracyDrift(judged.map((answer) => ({ ...answer, period: periodOf(answer.time, days) })))
}

function told(drift: AccuracyDrift | undefined): DriftReport | undefined {
  if (drift === undefined) return undefined
  const { current, verdict, drifted, common } = drift
  return {
    current: String(current),
    verdict,
    drifted: drifted.map(Number),
    ...(common !== undefined && { common }),
  }
}

function periodsOf(answers: readonly AnnotatorAnswer[], days: number): AnnotatorReport['periods'] {
  const byPeriod = Map.groupBy(answers, ({ time }) => periodOf(time, days))
  return [...byPeriod]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([period, own]) => {
      const guidelines: Record<string, number> = {}
      for (const { guidelineVersion: version } of own)
        if (version !== undefined) guidelines[version] = (guidelines[version] ?? 0) + 1
      return {
        period,
        answers: own.filter(({ label }) => label !== undefined).length,
        unclear: own.filter(({ unclear }) => unclear).length,
        guidelines,
      }
    })
}

function faultsOf(answers: readonly AnnotatorAnswer[]): AnnotatorReport['faults'] {
  const counts = new Map<string, number>()
  for (const fault of answers.flatMap(({ faults }) => [...faults]).toSorted())
    counts.set(fault, (counts.get(fault) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** The label that experts hold, by prediction. */
function expertLabels(outbox: Outbox, project: string | undefined): ReadonlyMap<TrackingId, string> {
  const labels = new Map<TrackingId, string>()
  for (const [id, { stage, standing }] of outbox.truths.standing()) {
    const unit = outbox.units.byId(id)
    if (unit === undefined || unit.project !== project) continue
    if (stage === 'settled' && standing?.label !== undefined) labels.set(unit.prediction, standing.label)
  }
  return labels
}

/**
 * The report on a crowd's annotators: how often each is right by truth that they had no say in, what they take for what,
 * how fast they are, whom they agree with, whether they copy or do not look, and whether one of them changed or all did.
 * Every figure has its interval, or says that there is too little; nobody is ranked.
 * @returns undefined for a policy without a crowd
 * @throws GroundtraceError `invalid-argument` for a policy that can't be meant, `outbox-unavailable`
 */
export function annotatorReport(options: AnnotatorReportOptions): AnnotatorReport | undefined {
  const { outbox, readAnswer, periodDays: days = WEEK } = options
  if (!Number.isSafeInteger(days) || days < 1) {
    throw new GroundtraceError(
      'invalid-argument',
      `periodDays is ${quote(days)}`,
      'Give a whole number of days, from 1',
    )
  }
  const policy = checkedTruthPolicy(options.policy)
  const { crowd, expert } = policy
  if (crowd === undefined) return undefined
  const { given, byExperts } = outbox.read(() => ({
    given: annotatorAnswers(answerBook(outbox), policy, readAnswer),
    byExperts: expertLabels(outbox, expert?.project),
  }))
  const answers = given.filter(({ project }) => project === crowd.project)
  const rows = ratingsOf(answers)
  const { choice } = crowdConsensus(rows)
  const model = annotatorModel(rows, choice.method)
  const judged = judgedAnswers(answers, byExperts, model)
  const evidence = ownEvidence(answers, byExperts, model, policy.classes)
  const drift = driftOf(judged, days)
  const driftByExperts = told(
    driftOf(
      judged.filter(({ by }) => by === 'experts'),
      days,
    ),
  )
  const { pairs, untested } = model === undefined ? { pairs: [], untested: 0 } : sharedErrors(model, rows)
  const report = told(drift)
  return {
    project: crowd.project,
    annotators: annotatorEntries({
      answers,
      rows,
      judged,
      evidence,
      days,
      classes: policy.classes,
      groupOf: crowd.groupOf,
      drift,
      shared: pairs,
    }),
    agreement: krippendorffAlpha(rows, { level: 'nominal', bootstrap: {} }),
    consensus: choice,
    ...(report !== undefined && { drift: report }),
    ...(driftByExperts !== undefined && { driftByExperts }),
    periods: periodsOf(answers, days),
    faults: faultsOf(answers),
    pairsUntested: untested,
    groups: ratersInGroups(answers, evidence, crowd),
  }
}
