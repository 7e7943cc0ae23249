import type { Interval, LevelOption } from './estimate.ts'
import { invalid, parseLevel, parseOptions } from './parse.ts'
import { normalDeviate, wilsonLimits } from './wilson-interval.ts'

/** Units of one group, and how many of them had what is counted. */
export interface Share {
  /** From 0 to `trials`. */
  readonly successes: number
  /** From 0 on. */
  readonly trials: number
}

export interface ShareDifference {
  /** First share less the second; undefined where one of the groups is empty. */
  readonly difference: number | undefined
  /** Undefined likewise. */
  readonly interval: Interval | undefined
}

function checked(share: Share, name: string): Share {
  const { successes, trials }: Partial<Share> = share ?? {}
  if (!(typeof trials === 'number' && Number.isFinite(trials) && trials >= 0))
    throw invalid(`trials of the ${name} group`, trials, 'Pass a finite count from 0 on')
  if (!(typeof successes === 'number' && successes >= 0 && successes <= trials))
    throw invalid(`successes of the ${name} group`, successes, `Pass a count from 0 to the ${trials} trials`)
  return { successes, trials }
}

/**
 * Difference of the shares of two independent groups: Wilson's limits of both, combined by squares. It holds its level with
 * few units and with shares next to 0 and 1, where the textbook interval has no width.
 *
 * Source: R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
 * methods", Statistics in Medicine 17 (1998), 873–890 (method 10).
 *
 * @throws StatisticsError `invalid-argument`
 */
export function shareDifference(first: Share, second: Share, options?: LevelOption): ShareDifference {
  const level = parseLevel(parseOptions(options).level)
  const a = checked(first, 'first')
  const b = checked(second, 'second')
  if (a.trials === 0 || b.trials === 0) return { difference: undefined, interval: undefined }
  const deviate = normalDeviate(level)
  const shareA = a.successes / a.trials
  const shareB = b.successes / b.trials
  const [lowA, highA] = wilsonLimits(shareA, a.trials, deviate)
  const [lowB, highB] = wilsonLimits(shareB, b.trials, deviate)
  const difference = shareA - shareB
  return {
    difference,
    interval: [
      difference - Math.hypot(shareA - lowA, highB - shareB),
      difference + Math.hypot(highA - shareA, shareB - lowB),
    ],
  }
}
