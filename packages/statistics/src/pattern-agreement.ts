import type { Disagreement, DisagreementMetric, ValueCounts } from './disagreement-metric.ts'
import type { UnitPatterns } from './unit-patterns.ts'

/** What alpha is made of. */
export interface AgreementSums {
  /** How often each value, by code, occurs among the pairable ones, and how many these are. */
  readonly margins: Float64Array
  readonly pairable: number
  /** Σ over units of their disagreement / (ratings − 1). */
  readonly within: number
  /** Disagreement of all pairable values. */
  readonly overall: number
}

export interface Agreement {
  /** `undefined` where nothing can be paired, or where all pairable values are the same. */
  readonly alpha: number | undefined
  /** Mean δ² of the pairs within units, and of all pairs; `undefined` where nothing can be paired. */
  readonly observed: number | undefined
  readonly expected: number | undefined
}

export function agreementOf({ pairable, within, overall }: AgreementSums, scale: number): Agreement {
  if (pairable === 0) return { alpha: undefined, observed: undefined, expected: undefined }
  return {
    alpha: overall === 0 ? undefined : 1 - ((pairable - 1) * within) / overall,
    observed: (within / pairable) * scale,
    expected: (overall / (pairable * (pairable - 1))) * scale,
  }
}

/** The agreement of units that have these patterns, however often each of them has it. */
export class PatternAgreement {
  readonly #patterns: UnitPatterns
  readonly #metric: DisagreementMetric
  /** All codes, for the disagreement of all pairable values. */
  readonly #codes: Int32Array
  /** Per pattern: its disagreement / (ratings − 1), where the margins do not change it. */
  readonly #fixed: Float64Array | undefined

  constructor(patterns: UnitPatterns, metric: DisagreementMetric, values: number) {
    this.#patterns = patterns
    this.#metric = metric
    this.#codes = Int32Array.from({ length: values }, (_, code) => code)
    if (!metric.followsMargins) this.#fixed = this.#withinPatterns(new Float64Array(values))
  }

  /** @param units how many units have each pattern */
  margins(units: Int32Array): Float64Array {
    const { starts, codes, counts } = this.#patterns
    const margins = new Float64Array(this.#codes.length)
    for (let pattern = 0; pattern < units.length; pattern += 1) {
      const weight = units[pattern] ?? 0
      if (weight === 0) continue
      const end = starts[pattern + 1] ?? 0
      for (let place = starts[pattern] ?? 0; place < end; place += 1) {
        const code = codes[place] ?? 0
        margins[code] = (margins[code] ?? 0) + weight * (counts[place] ?? 0)
      }
    }
    return margins
  }

  /** True where `within` changes with the margins. */
  get followsMargins(): boolean {
    return this.#metric.followsMargins
  }

  disagreement(margins: Float64Array): Disagreement {
    return this.#metric.given(margins)
  }

  /** Per pattern, with these margins: its disagreement / (ratings − 1). */
  within(margins: Float64Array): Float64Array {
    return this.#fixed ?? this.#withinPatterns(margins)
  }

  /** Disagreement of all values that occur as often as the margins say. */
  overall(margins: Float64Array): number {
    const values: ValueCounts = { codes: this.#codes, counts: margins }
    return this.#metric.given(margins)(values, 0, margins.length)
  }

  /** @param units how many units have each pattern */
  sums(units: Int32Array): AgreementSums {
    const margins = this.margins(units)
    const perPattern = this.within(margins)
    const { sizes } = this.#patterns
    let [within, pairable] = [0, 0]
    for (let pattern = 0; pattern < units.length; pattern += 1) {
      const weight = units[pattern] ?? 0
      within += weight * (perPattern[pattern] ?? 0)
      pairable += weight * (sizes[pattern] ?? 0)
    }
    return { margins, pairable, within, overall: this.overall(margins) }
  }

  #withinPatterns(margins: Float64Array): Float64Array {
    const { starts, sizes } = this.#patterns
    const disagreement = this.#metric.given(margins)
    return Float64Array.from(sizes, (size, pattern) => {
      return disagreement(this.#patterns, starts[pattern] ?? 0, starts[pattern + 1] ?? 0) / (size - 1)
    })
  }
}
