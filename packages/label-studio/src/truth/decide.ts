import type { TrackingId } from '@groundtrace/core'
import type { Unit } from '../bridge/unit.ts'
import { crowdConsensus, type CrowdChoice } from './consensus-choice.ts'
import { crowdVerdict, type CrowdVerdict } from './crowd-verdict.ts'
import { expertVerdict, type ExpertVerdict } from './expert-verdict.ts'
import { nextTruth, type TruthStep, type UnitTruth } from './truth-line.ts'
import type { CheckedTruthPolicy } from './truth-policy.ts'
import type { UnitVotes } from './votes.ts'

/** A unit, what stands of its answers, and what is held of it. */
export interface HeldUnit {
  readonly unit: Unit
  readonly votes: UnitVotes
  readonly truth: UnitTruth
}

/** What the answers of a unit come to, and what follows from it. */
export interface Decision {
  readonly held: HeldUnit
  readonly verdict: CrowdVerdict | ExpertVerdict
  /** Absent where nothing changes. */
  readonly step?: TruthStep
}

export interface Decisions {
  readonly decisions: readonly Decision[]
  /** How the crowd's answers were put together; absent without a crowd. */
  readonly consensus?: CrowdChoice
}

/**
 * What all answers come to: a pure function of what stands, so that it can be asked again at any time. Answers of one unit
 * tell how good annotators are, and so bear on others: all are looked at, also those that nobody touched.
 * @param now time of the lines that follow, in milliseconds since 1970
 */
export function decide(units: readonly HeldUnit[], policy: CheckedTruthPolicy, now: number): Decisions {
  const { crowd, expert } = policy
  const ofCrowd = units.filter(({ unit }) => unit.project === crowd?.project)
  const ofExperts = units.filter(({ unit }) => unit.project === expert?.project)
  const decisions: Decision[] = []

  const decided = (
    held: HeldUnit,
    by: 'crowd' | 'expert',
    verdict: Decision['verdict'],
    escalateTo?: string,
  ): Decision => {
    const { prediction, project, propensity, class: said } = held.unit
    const step = nextTruth(held.truth, verdict, {
      prediction,
      project,
      by,
      now,
      ...(propensity !== undefined && { propensity }),
      ...(said !== undefined && { class: said }),
      ...(escalateTo !== undefined && { escalateTo }),
    })
    return { held, verdict, ...(step !== undefined && { step }) }
  }

  if (expert !== undefined) {
    for (const held of ofExperts) decisions.push(decided(held, 'expert', expertVerdict(held.votes, expert)))
  }
  if (crowd === undefined) return { decisions }
  const consensus = crowdConsensus(
    ofCrowd.flatMap(({ unit, votes }) =>
      votes.votes.map(({ annotator, label }) => ({ unit: unit.id, rater: annotator, value: label })),
    ),
  )
  for (const held of ofCrowd) {
    const standing = held.truth.stage === 'settled' ? held.truth.standing?.label : undefined
    const verdict = crowdVerdict(held.votes, consensus.beliefOf(held.unit.id), crowd, standing)
    decisions.push(decided(held, 'crowd', verdict, expert?.project))
  }
  return { decisions, consensus: consensus.choice }
}

/**
 * The answer of each unit that is to be marked as ground truth on the server: the first that agrees with what is held of
 * its prediction, by experts where they have settled it. By the unit's number; units without one are not in it.
 */
export function wantedMarks(units: readonly HeldUnit[], policy: CheckedTruthPolicy): ReadonlyMap<number, number> {
  const labelOf = ({ truth }: HeldUnit): string | undefined =>
    truth.stage === 'settled' ? truth.standing?.label : undefined
  const byExperts = new Map<TrackingId, string>()
  for (const held of units) {
    const label = labelOf(held)
    if (label !== undefined && held.unit.project === policy.expert?.project) byExperts.set(held.unit.prediction, label)
  }
  const wanted = new Map<number, number>()
  for (const held of units) {
    const label = byExperts.get(held.unit.prediction) ?? labelOf(held)
    const agreeing = held.votes.votes.find((vote) => vote.label === label && vote.kept !== true)
    if (agreeing?.answer !== undefined) wanted.set(held.unit.id, agreeing.answer)
  }
  return wanted
}
