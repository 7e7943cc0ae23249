import { GroundtraceError, isName, quote, type Count, type Register } from '@groundtrace/core'
import { kaplanMeier, type Interval, type SurvivalCurve, type SurvivalRow } from '@groundtrace/statistics'
import { answersOf, cohortsOf, rowsOf, type Cohort } from './cohorts.ts'
import { MATURITY } from './count-maturity.ts'

export interface MaturityOptions {
  /** Name of the task. */
  readonly task: string
  /** The cohort asked about: predictions made from then on. Milliseconds since 1970; default: a horizon before `now`. */
  readonly from?: number
  /** And before then. Default: `now`. */
  readonly until?: number
  /** Default `Date.now()`. */
  readonly now?: number
}

/** How much of what will be said of a cohort has been said. */
export interface Maturity {
  readonly task: string
  /** Predictions of the cohort that somebody can answer. */
  readonly predictions: number
  /** Those that were answered within their horizon so far. */
  readonly answered: number
  /** Share of the answers that are still to come, of all that come within the horizon; undefined: unknown. */
  readonly toCome: { readonly share: number; readonly interval: Interval | undefined } | undefined
  /** Why it is unknown. */
  readonly reason?: string
  /** Share of the predictions that are answered within a delay, for the task as a whole. Empty: nothing is known. */
  readonly curve: readonly MaturityPoint[]
}

export interface MaturityPoint {
  readonly delaySeconds: number
  readonly answered: number
  readonly interval: Interval | undefined
  /** Predictions that this point rests on. */
  readonly atRisk: number
}

/** Fewer answers, or fewer predictions watched up to the horizon, tell too little. */
const LEAST = 30

function time(value: unknown, name: string): number {
  if (Number.isFinite(value)) return value as number
  throw new GroundtraceError('invalid-argument', `${name} ${quote(value)} is no time`, 'Pass milliseconds since 1970')
}

/** The share that is answered within the horizon, of those that were not by a certain age. */
function shareAfter(rows: readonly SurvivalRow[], watched: number, horizonSeconds: number) {
  const later = rows.filter((row) => row.time > watched)
  const left = later.length === 0 ? undefined : kaplanMeier(later).at(horizonSeconds)
  if (left === undefined) return undefined
  const { survival, interval } = left
  return { share: 1 - survival, interval: interval && ([1 - interval[1], 1 - interval[0]] as const) }
}

/** Answers that a cohort is still going to get, with their interval. */
function expected(rows: readonly SurvivalRow[], cohort: Cohort) {
  const open = Math.max(0, cohort.asked - answersOf(cohort))
  const { watched, horizonSeconds } = cohort
  if (open === 0 || watched >= horizonSeconds) return { answers: 0, interval: [0, 0] as const }
  const after = shareAfter(rows, watched, horizonSeconds)
  if (after === undefined) return undefined
  const { share, interval } = after
  return { answers: open * share, interval: interval && ([open * interval[0], open * interval[1]] as const) }
}

function toCome(rows: readonly SurvivalRow[], meant: readonly Cohort[], answered: number): Maturity['toCome'] {
  let answers = 0
  let interval: Interval | undefined = [0, 0]
  for (const cohort of meant) {
    const further = expected(rows, cohort)
    if (further === undefined) return undefined
    answers += further.answers
    // All of them come from one curve: where it is off, it is off for all.
    interval = interval && further.interval && [interval[0] + further.interval[0], interval[1] + further.interval[1]]
  }
  const shareOf = (more: number): number => (more + answered === 0 ? 0 : more / (more + answered))
  return { share: shareOf(answers), interval: interval && [shareOf(interval[0]), shareOf(interval[1])] }
}

/** Why too little is known. */
function lack(all: readonly Cohort[], meant: readonly Cohort[], curve: SurvivalCurve | undefined): string | undefined {
  if (meant.every(({ asked }) => asked === 0)) return 'no prediction of that time can be answered'
  const watched = all.filter((cohort) => cohort.watched >= cohort.horizonSeconds)
  const predictions = watched.reduce((total, { asked }) => total + asked, 0)
  if (predictions < LEAST)
    return `only ${predictions} predictions were watched up to their horizon, ${LEAST} are needed`
  if ((curve?.events ?? 0) < LEAST) return `only ${curve?.events ?? 0} answers have come, ${LEAST} are needed`
  return undefined
}

/** Rows of one delay added up. */
function summed(rows: readonly SurvivalRow[]): readonly SurvivalRow[] {
  const sums = new Map<number, { time: number; events: number; censored: number }>()
  for (const { time: delay, events = 0, censored = 0 } of rows) {
    const sum = sums.get(delay) ?? { time: delay, events: 0, censored: 0 }
    sum.events += events
    sum.censored += censored
    sums.set(delay, sum)
  }
  return [...sums.values()].filter(({ events, censored }) => events + censored > 0)
}

/** The same from counts that were read. */
export function maturityOf(
  cohorts: readonly Cohort[],
  { task, from, until }: Required<Omit<MaturityOptions, 'now'>>,
): Maturity {
  const rows = summed(cohorts.flatMap(rowsOf))
  const curve = rows.length === 0 ? undefined : kaplanMeier(rows)
  const meant = cohorts.filter((cohort) => cohort.until > from && cohort.from < until)
  const answered = meant.reduce((total, cohort) => total + answersOf(cohort), 0)
  const unknown = lack(cohorts, meant, curve)
  const share = unknown === undefined ? toCome(rows, meant, answered) : undefined
  const reason = unknown ?? (share === undefined ? 'no cohort was watched up to this horizon' : undefined)
  return {
    task,
    predictions: meant.reduce((total, { asked }) => total + asked, 0),
    answered,
    toCome: share,
    ...(reason === undefined ? {} : { reason }),
    curve: (curve?.steps ?? []).map((step) => ({
      delaySeconds: step.time,
      answered: 1 - step.survival,
      interval: step.interval && [1 - step.interval[1], 1 - step.interval[0]],
      atRisk: step.atRisk,
    })),
  }
}

/** The latest horizon that predictions of a task were made with, in milliseconds. */
export function newestHorizon(cohorts: readonly Cohort[]): number {
  const newest = cohorts.reduce((latest, cohort) => (cohort.until > (latest?.until ?? 0) ? cohort : latest), cohorts[0])
  return (newest?.horizonSeconds ?? 0) * 1000
}

/**
 * What share of the answers to a cohort of predictions is still to come: the product-limit (Kaplan–Meier) estimate over the
 * predictions of the last four horizons, of which those that still wait are known to take longer than they are old. It is
 * about first answers that settle or contest something; blocked predictions and members are left out, and silence is no
 * answer. Below 30 answers, or 30 predictions watched up to their horizon, it is unknown.
 *
 * The figures are counted by the exporter of metrics: `loopMetrics(…).update()`, or a scrape, brings them up to date.
 * A cohort is cut to whole 32nds of the horizon.
 * @throws GroundtraceError `invalid-argument`, and what the register throws
 */
export async function feedbackMaturity(
  register: Pick<Register, 'counts'>,
  options: MaturityOptions,
): Promise<Maturity> {
  const { task, from, until, now = Date.now() }: Partial<MaturityOptions> = options ?? {}
  if (!isName(task)) {
    throw new GroundtraceError('invalid-argument', `task ${quote(task)} is no name`, 'Pass the name of a task')
  }
  const moment = time(now, 'now')
  const counts: readonly Count[] = await register.counts(MATURITY)
  const cohorts = cohortsOf(counts, moment).get(task) ?? []
  return maturityOf(cohorts, {
    task,
    from: from === undefined ? moment - newestHorizon(cohorts) : time(from, 'from'),
    until: until === undefined ? moment : time(until, 'until'),
  })
}
