import type { Count } from '@groundtrace/core'
import type { SurvivalRow } from '@groundtrace/statistics'
import { ANSWERED, ASKED, HORIZONS_KEPT } from './count-maturity.ts'
import { cohortStart, watchedSeconds } from './lattice.ts'

/** Predictions of one task and horizon that were made in the same step of time. */
export interface Cohort {
  readonly horizonSeconds: number
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
  /** Predictions that somebody can answer. */
  readonly asked: number
  /** Answers, by the upper bound of the delay they took, in seconds. */
  readonly answered: ReadonlyMap<number, number>
  /** For how long all of them have been watched. */
  readonly watched: number
}

export const answersOf = ({ answered }: Cohort): number =>
  [...answered.values()].reduce((total, answers) => total + answers, 0)

/** The cohorts that counts tell of, by task; those that are too old for what is asked now are left out. */
export function cohortsOf(counts: readonly Count[], now: number): ReadonlyMap<string, readonly Cohort[]> {
  const found = new Map<string, Cohort & { asked: number; readonly answered: Map<number, number> }>()
  const tasks = new Map<string, Cohort[]>()
  for (const { name, labels, value } of counts) {
    const { task = '', horizon, cohort: number, delay } = labels
    const horizonSeconds = Number(horizon)
    const [from, until] = [Number(number), Number(number) + 1].map((one) => cohortStart(horizonSeconds, one)) as [
      number,
      number,
    ]
    if (until + HORIZONS_KEPT * horizonSeconds * 1000 < now || from > now) continue
    const key = JSON.stringify([task, horizon, number])
    const watched = watchedSeconds(horizonSeconds, Number(number), now)
    const cohort = found.get(key) ?? { horizonSeconds, from, until, asked: 0, answered: new Map(), watched }
    if (!found.has(key)) tasks.set(task, [...(tasks.get(task) ?? []), cohort])
    found.set(key, cohort)
    if (name === ASKED) cohort.asked += value
    if (name === ANSWERED) cohort.answered.set(Number(delay), (cohort.answered.get(Number(delay)) ?? 0) + value)
  }
  return tasks
}

/** What a cohort says of how long answers take: those that came while all were watched, and that the rest takes longer. */
export function rowsOf({ asked, answered, watched }: Cohort): readonly SurvivalRow[] {
  if (watched === 0) return []
  const events = [...answered].filter(([delay]) => delay <= watched).map(([time, count]) => ({ time, events: count }))
  const came = events.reduce((total, row) => total + row.events, 0)
  return [...events, { time: watched, censored: Math.max(0, asked - came) }]
}
