import type { Interval, LevelOption } from './estimate.ts'
import { invalid, parseLevel, parseList, parseOptions } from './parse.ts'
import { StatisticsError } from './statistics-error.ts'
import { normalDeviate, wilsonLimits } from './wilson-interval.ts'

/** How many units were watched for so long. Counts may be of one unit or of a million. */
export interface SurvivalRow {
  /** Duration, in any unit, from 0 on. Rows of one duration are added up. */
  readonly time: number
  /** Units for which the event came then. Default 0. */
  readonly events?: number
  /** Units that were watched for so long without the event, and no longer. Default 0. */
  readonly censored?: number
}

/** The curve at a time of an event. */
export interface SurvivalStep {
  readonly time: number
  /** Units still watched just before. */
  readonly atRisk: number
  readonly events: number
  /** Probability that the event takes longer than `time`. */
  readonly survival: number
  /** `undefined` where every unit at risk had its event: the method then knows no end. */
  readonly interval: Interval | undefined
}

/** What is known of a time. */
export interface SurvivalEstimate {
  readonly survival: number
  readonly interval: Interval | undefined
}

export interface SurvivalCurve {
  /** One a time of an event, in order of time. */
  readonly steps: readonly SurvivalStep[]
  readonly units: number
  readonly events: number
  /** The longest duration that was watched; beyond it nothing is known. */
  readonly until: number
  /** Probability that the event takes longer than `time`; `undefined` beyond what was watched, unless it is 0 there. */
  at(time: number): SurvivalEstimate | undefined
}

interface Tie {
  events: number
  censored: number
}

function parseCount(value: number | undefined, name: string): number {
  if (value === undefined) return 0
  if (Number.isFinite(value) && value >= 0) return value
  throw invalid(name, value, 'Pass a count from 0 on, or leave it out')
}

/** Rows of one time added up, in order of time. */
function parseRows(rows: Iterable<SurvivalRow>): readonly (readonly [time: number, tie: Tie])[] {
  const ties = new Map<number, Tie>()
  for (const [index, row] of parseList(rows, 'rows').entries()) {
    const { time, events, censored } = parseRow(row, `rows[${index}]`)
    const tie = ties.get(time) ?? { events: 0, censored: 0 }
    tie.events += events
    tie.censored += censored
    ties.set(time, tie)
  }
  const watched = [...ties].filter(([, tie]) => tie.events + tie.censored > 0)
  if (watched.length > 0) return watched.sort(([a], [b]) => a - b)
  throw new StatisticsError('no-data', 'No unit was watched', 'Pass at least one event or censored unit')
}

function parseRow(row: SurvivalRow, name: string): Required<SurvivalRow> {
  if (typeof row !== 'object' || row === null) throw invalid(name, row, 'Pass { time, events, censored }')
  const { time } = row
  if (!(Number.isFinite(time) && time >= 0)) throw invalid(`${name}.time`, time, 'Pass a finite duration from 0 on')
  return {
    time,
    events: parseCount(row.events, `${name}.events`),
    censored: parseCount(row.censored, `${name}.censored`),
  }
}

/** Complementary log-log interval of a survival, from Greenwood's sum. Never leaves [0, 1]. */
function logLogInterval(survival: number, greenwood: number, deviate: number): Interval | undefined {
  if (survival === 0) return undefined
  const reach = Math.exp((deviate * Math.sqrt(greenwood)) / Math.log(survival))
  return [survival ** (1 / reach), survival ** reach]
}

/**
 * Product-limit estimate of how long something takes, from units of which some are still waiting: for each of those it is
 * only known that it takes longer than it was watched. Units censored at the time of an event were at risk for it.
 *
 * The interval is the complementary log-log one with Greenwood's variance, pointwise. Before the first event it is Wilson's,
 * for as many units as are still watched.
 *
 * Sources: E. L. Kaplan, P. Meier, JASA 53 (1958), 457–481; M. Greenwood (1926); log-log: J. D. Kalbfleisch,
 * R. L. Prentice, "The statistical analysis of failure time data", 2nd ed. (2002), 1.4.
 *
 * @throws StatisticsError `invalid-argument`; `no-data` when no unit was watched
 */
export function kaplanMeier(rows: Iterable<SurvivalRow>, options?: LevelOption): SurvivalCurve {
  const ties = parseRows(rows)
  const deviate = normalDeviate(parseLevel(parseOptions(options).level))
  const units = ties.reduce((total, [, { events, censored }]) => total + events + censored, 0)
  if (!Number.isFinite(units)) throw invalid('The number of units', units, 'Pass smaller counts')
  const until = ties.at(-1)?.[0] as number
  const steps: SurvivalStep[] = []
  let atRisk = units
  let survival = 1
  let greenwood = 0
  for (const [index, [time, { events, censored }]] of ties.entries()) {
    if (events > 0) {
      // Of the last ones nobody is left: sums of fractions would leave a trace of a unit.
      const left = index === ties.length - 1 ? censored : Math.max(0, atRisk - events)
      survival *= left / atRisk
      greenwood += events / (atRisk * left)
      steps.push({ time, atRisk, events, survival, interval: logLogInterval(survival, greenwood, deviate) })
    }
    atRisk -= events + censored
  }

  /** Units watched for at least so long. */
  const watchedFor = (time: number): number =>
    ties.reduce((total, [at, tie]) => (at >= time ? total + tie.events + tie.censored : total), 0)

  return {
    steps,
    units,
    events: steps.reduce((total, step) => total + step.events, 0),
    until,
    at(time) {
      if (typeof time !== 'number' || Number.isNaN(time)) throw invalid('time', time, 'Pass a duration')
      const step = steps.findLast((one) => one.time <= time)
      if (time > until && step?.survival !== 0) return undefined
      if (step !== undefined) return { survival: step.survival, interval: step.interval }
      return { survival: 1, interval: wilsonLimits(1, watchedFor(time), deviate) }
    },
  }
}
