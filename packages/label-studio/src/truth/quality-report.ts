import type { TrackingId } from '@groundtrace/core'
import { selfNormalizedEstimate, wilsonInterval, type Interval } from '@groundtrace/statistics'
import type { Outbox } from '../bridge/outbox.ts'
import type { Unit } from '../bridge/unit.ts'
import { checkedTruthPolicy, type CheckedTruthPolicy, type TruthPolicy } from './truth-policy.ts'

export interface QualityReportOptions {
  readonly outbox: Outbox
  readonly policy: TruthPolicy
}

/** A share of predictions, as random picks tell it. */
export interface QualityFigure {
  /** Absent where no pick says anything about it. */
  readonly value?: number
  /** Wilson's, at 95 %, for the effective sample size. It knows of chance, not of picks whose truth is unknown. */
  readonly interval?: Interval
  /** Picks with equal propensities that would say as much (Kish). */
  readonly effectiveSampleSize: number
}

/** How good the model's predictions are, estimated from random picks alone, each weighted by 1 ÷ its propensity. */
export interface QualityReport {
  /** Random picks, and the predictions that they stand for: the sum of their weights. */
  readonly drawn: number
  readonly standFor: number
  /** Picks whose truth is settled, as the register holds it. Of the others it is not: they are the harder ones, so `accuracy` alone is too good. */
  readonly known: number
  /** How often the model is right, where truth is known. */
  readonly accuracy: QualityFigure
  /** Accuracy if all picks without a truth were wrong, and if all were right. Absent without picks. */
  readonly bounds?: Interval
  /** By class: of predictions that say it, how many are right; of those it is true of, how many say so. */
  readonly classes: Readonly<Record<string, { readonly precision: QualityFigure; readonly recall: QualityFigure }>>
}

interface Drawn {
  readonly said: string
  readonly propensity: number
  readonly truth?: string
}

const UNITS = 1000
const RANDOM = 'random'

function* unitsOf(outbox: Outbox, { crowd, expert }: CheckedTruthPolicy): Generator<Unit> {
  for (let after = 0; ;) {
    const page = outbox.units.after(after, UNITS)
    for (const unit of page) if (unit.project === crowd?.project || unit.project === expert?.project) yield unit
    const last = page.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

function readDrawn(outbox: Outbox, policy: CheckedTruthPolicy): readonly Drawn[] {
  const standing = outbox.truths.standing()
  const byCrowd = new Map<TrackingId, string>()
  const byExperts = new Map<TrackingId, string>()
  const random: Unit[] = []
  for (const unit of unitsOf(outbox, policy)) {
    if (unit.reason === RANDOM) random.push(unit)
    const { stage, standing: line } = standing.get(unit.id) ?? {}
    if (stage !== 'settled' || line?.label === undefined) continue
    const labels = unit.project === policy.expert?.project ? byExperts : byCrowd
    labels.set(unit.prediction, line.label)
  }
  return random.flatMap(({ prediction, propensity, class: said }): readonly Drawn[] => {
    if (propensity === undefined || said === undefined) return []
    const truth = byExperts.get(prediction) ?? byCrowd.get(prediction)
    return [{ said, propensity, ...(truth !== undefined && { truth }) }]
  })
}

function shareOf(picks: readonly Drawn[], holds: (pick: Drawn) => boolean): QualityFigure {
  const values = picks.map((pick) => (holds(pick) ? 1 : 0))
  const { estimate: value, effectiveSampleSize } = selfNormalizedEstimate(
    values,
    picks.map(({ propensity }) => propensity),
  )
  if (value === undefined) return { effectiveSampleSize }
  const share = Math.min(1, value)
  return {
    value: share,
    interval: wilsonInterval(share * effectiveSampleSize, effectiveSampleSize),
    effectiveSampleSize,
  }
}

const isRight = ({ said, truth }: Drawn): boolean => said === truth

/**
 * Estimates the model's quality from random picks alone (Hájek's estimate): the truth of a pick is what experts hold of it,
 * else what the crowd does. What was picked for a reason does not count, whatever was answered. Reads only.
 * @throws GroundtraceError `invalid-argument`, `outbox-unavailable`
 */
export function qualityReport({ outbox, policy: given }: QualityReportOptions): QualityReport {
  const policy = checkedTruthPolicy(given)
  const drawn = outbox.read(() => readDrawn(outbox, policy))
  const known = drawn.filter(({ truth }) => truth !== undefined)
  const [low, high] = [isRight, (pick: Drawn) => pick.truth === undefined || isRight(pick)].map(
    (holds) => shareOf(drawn, holds).value,
  )
  return {
    drawn: drawn.length,
    standFor: drawn.reduce((sum, { propensity }) => sum + 1 / propensity, 0),
    known: known.length,
    accuracy: shareOf(known, isRight),
    ...(low !== undefined && high !== undefined && { bounds: [low, high] as const }),
    classes: Object.fromEntries(
      policy.classes.map((name) => [
        name,
        {
          precision: shareOf(
            known.filter(({ said }) => said === name),
            isRight,
          ),
          recall: shareOf(
            known.filter(({ truth }) => truth === name),
            isRight,
          ),
        },
      ]),
    ),
  }
}
