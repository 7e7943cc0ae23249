import type { JoinedOutcome, Register, TrackingId } from '@groundtrace/core'
import {
  propensityWeightedPrecision,
  propensityWeightedRecall,
  type PopulationStratum,
  type PropensityWeightedEstimate,
  type RevealedUnit,
} from '@groundtrace/statistics'
import { ledgerPages } from './ledger-pages.ts'
import { MODEL } from './settings.ts'
import type { MailLabel } from './spam-filter-training.ts'

interface Matured {
  readonly id: TrackingId
  readonly version: string
  readonly predicted: boolean
  /** Absent where nobody has said. */
  readonly truth: boolean | undefined
  /** Chance with which its truth was asked for. */
  readonly propensity: number
  readonly explored: boolean
}

/** Precision and recall of “spam” as some way of looking sees them. */
export interface Seen<T> {
  readonly precision: T
  readonly recall: T
}

const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole)

function maturedOf({ outcome, prediction }: JoinedOutcome): Matured | undefined {
  if (outcome.phase !== 'horizon' || prediction.model.name !== MODEL) return undefined
  const { propensity, explored = false } = prediction.policy ?? {}
  if (propensity === undefined) return undefined
  return {
    id: prediction.id,
    version: prediction.model.version,
    predicted: prediction.value === 'spam',
    truth: outcome.label === undefined ? undefined : outcome.label === 'spam',
    propensity,
    explored,
  }
}

/** What is known of the filter's quality from predictions that have passed their horizon. */
export class Monitor {
  readonly #register: Register
  readonly #matured: Matured[] = []
  #position = 0

  constructor(register: Register) {
    this.#register = register
  }

  async read(): Promise<void> {
    for await (const { lines, position } of ledgerPages(this.#register, 'outcomes', this.#position)) {
      for (const line of lines) {
        const matured = maturedOf(line)
        if (matured !== undefined) this.#matured.push(matured)
      }
      this.#position = position
    }
  }

  /** From units that chance chose, each standing for its stratum. Default: of all versions together. */
  estimated(version?: string): Seen<PropensityWeightedEstimate> {
    const matured = version === undefined ? this.#matured : this.#matured.filter((unit) => unit.version === version)
    const strata = strataOf(matured)
    const units = matured.flatMap(({ predicted, truth, propensity, explored }): readonly RevealedUnit[] =>
      explored && truth !== undefined ? [{ predicted, truth, propensity }] : [],
    )
    return {
      precision: propensityWeightedPrecision(units, { strata }),
      recall: propensityWeightedRecall(units, { strata }),
    }
  }

  /** The truth of every matured prediction that somebody answered. */
  answers(): ReadonlyMap<TrackingId, MailLabel> {
    return new Map(
      this.#matured.flatMap(({ id, truth }) => (truth === undefined ? [] : [[id, truth ? 'spam' : 'ham'] as const])),
    )
  }

  /** As a monitor sees it that takes the answered predictions for all predictions. */
  naive(): Seen<number | undefined> & { readonly accuracy: number | undefined } {
    const answered = this.#matured.filter(({ truth }) => truth !== undefined)
    const count = (predicted: boolean, truth: boolean): number =>
      answered.filter((unit) => unit.predicted === predicted && unit.truth === truth).length
    const [hit, alarm, miss] = [count(true, true), count(true, false), count(false, true)]
    return {
      accuracy: share(hit + count(false, false), answered.length),
      precision: share(hit, hit + alarm),
      recall: share(hit, hit + miss),
    }
  }
}

/** How many predictions each chance stood for. Both sides are listed, the empty one with none. */
function strataOf(matured: readonly Matured[]): readonly PopulationStratum[] {
  const counts = new Map<string, PopulationStratum>()
  const sides = [true, false].map((predicted) => ({ predicted, propensity: 1, count: 0 }))
  for (const { predicted, propensity } of matured) {
    const key = `${predicted} ${propensity}`
    counts.set(key, { predicted, propensity, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return [...counts.values(), ...sides]
}
