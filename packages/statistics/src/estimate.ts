/** Lower and upper end of a two-sided confidence interval. */
export type Interval = readonly [low: number, high: number]

/** A figure and how far it can be trusted. Both are `undefined` where the figure is not defined; never an invented 0. */
export interface Estimate {
  readonly value: number | undefined
  readonly interval: Interval | undefined
}

/** A figure from units that were revealed with known propensities. */
export interface WeightedEstimate {
  /** `undefined` where the revealed units say nothing about it. */
  readonly estimate: number | undefined
  /** `undefined` where the revealed units do not say how far off the estimate may be. */
  readonly interval: Interval | undefined
  /** Kish's (Σw)² / Σw²: how many equally weighted units would know as much. 0 when nothing was revealed. */
  readonly effectiveSampleSize: number
}

/** Share of repetitions in which an interval holds the truth. */
export interface LevelOption {
  /** Above 0, below 1; 0.95 by default. */
  readonly level?: number | undefined
}

export const UNDEFINED_ESTIMATE: Estimate = { value: undefined, interval: undefined }
