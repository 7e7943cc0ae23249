import type { Policy, Register, TrackingId } from '@groundtrace/core'
import type { ComparedPrediction } from '@groundtrace/flywheel'
import { ledgerPages } from './ledger-pages.ts'
import { MODEL } from './settings.ts'
import type { SpamFilter } from './spam-filter.ts'
import { groupsOf, mailFeaturesOf } from './versions.ts'

/** A prediction that was served, as the ledger has it. */
export interface Served {
  readonly id: TrackingId
  readonly time: number
  readonly model: string
  readonly version: string
  readonly policy: Policy
}

export interface WindowQuestion {
  readonly candidate: SpamFilter
  readonly champion: SpamFilter
  readonly predictions: readonly Served[]
  /** The truths that may be used. */
  readonly truths: ReadonlyMap<TrackingId, string>
  /** Groups that a version was trained on: their mails are left out, truth known or not. */
  readonly trained?: ReadonlySet<string>
}

/** What a version says of a prediction, and what keeps it together with others. */
interface Reading {
  readonly groups: readonly string[]
  readonly labels: Map<string, string>
}

/** All predictions that were served, most of them without truth, and what any version says of them. */
export class ServedWindow {
  readonly #register: Register
  readonly #served: Served[] = []
  readonly #readings = new Map<TrackingId, Reading>()
  #position = 0

  constructor(register: Register) {
    this.#register = register
  }

  /** Reads what was served since the last time. */
  async read(): Promise<void> {
    for await (const { lines, position } of ledgerPages(this.#register, 'predictions', this.#position)) {
      for (const { id, time, model, policy = {} } of lines) {
        this.#served.push({ id, time, model: model.name, version: model.version, policy })
      }
      this.#position = position
    }
  }

  /** The latest, of any model. */
  latest(count: number): readonly Served[] {
    return this.#served.slice(-count)
  }

  /** Those of the filter from one moment to another, both included. */
  between(first: number, last: number): readonly Served[] {
    return this.#served.filter(({ time, model }) => model === MODEL && time >= first && time <= last)
  }

  /** Two versions on the same predictions. What was erased is left out: nobody can run a version on it. */
  async compared({ predictions, candidate, champion, truths, trained }: WindowQuestion): Promise<ComparedPrediction[]> {
    const compared: ComparedPrediction[] = []
    for (const { id, policy } of predictions) {
      const reading = await this.#readingOf(id, [candidate, champion])
      if (reading === undefined || reading.groups.some((group) => trained?.has(group) === true)) continue
      const [candidateLabel, championLabel] = [candidate, champion].map(({ version }) => reading.labels.get(version))
      if (candidateLabel === undefined || championLabel === undefined) continue
      const truth = truths.get(id)
      compared.push({ candidateLabel, championLabel, policy, ...(truth === undefined ? {} : { truth }) })
    }
    return compared
  }

  /** Reads a prediction's features only when a version has not answered it yet. */
  async #readingOf(id: TrackingId, filters: readonly SpamFilter[]): Promise<Reading | undefined> {
    const known = this.#readings.get(id)
    const missing = filters.filter(({ version }) => known?.labels.has(version) !== true)
    if (known !== undefined && missing.length === 0) return known
    const features = (await this.#register.prediction(id))?.features
    if (features === undefined) return undefined
    const reading = known ?? { groups: groupsOf({ features }), labels: new Map<string, string>() }
    for (const filter of missing) {
      reading.labels.set(filter.version, filter.scoreFeatures(mailFeaturesOf(features)).label)
    }
    this.#readings.set(id, reading)
    return reading
  }
}
