import type { LevelOption } from './estimate.ts'
import { normalQuantile } from './normal-quantile.ts'
import { invalid, parseLevel, parseOptions } from './parse.ts'

/** Standard normal quantile that cuts off half of what the level leaves. */
export function normalDeviate(level: number): number {
  return -normalQuantile((1 - level) / 2)
}

/** Wilson's interval for a share of `trials`, with the deviate given. Inside the package: the share is known to be one. */
export function wilsonLimits(share: number, trials: number, deviate: number): [low: number, high: number] {
  const square = deviate * deviate
  const centre = (share * trials + square / 2) / (trials + square)
  const half = (deviate * Math.sqrt(trials * share * (1 - share) + square / 4)) / (trials + square)
  return [share <= 0 ? 0 : Math.max(0, centre - half), share >= 1 ? 1 : Math.min(1, centre + half)]
}

/**
 * Score interval for a proportion. Unlike the textbook interval it stays within [0, 1] and has a width at 0 and at 1.
 * Without any trial nothing is known, and the interval is [0, 1].
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927),
 * 209–212; compared with others by R. G. Newcombe, Statistics in Medicine 17 (1998), 857–872 (method 3).
 *
 * @param successes from 0 to `trials`; weighted counts need not be whole
 * @param trials from 0 on
 * @throws StatisticsError `invalid-argument`
 */
export function wilsonInterval(successes: number, trials: number, options?: LevelOption): [low: number, high: number] {
  const level = parseLevel(parseOptions(options).level)
  if (!(Number.isFinite(trials) && trials >= 0)) throw invalid('trials', trials, 'Pass a finite count from 0 on')
  if (!(typeof successes === 'number' && successes >= 0 && successes <= trials)) {
    throw invalid('successes', successes, `Pass a count from 0 to the ${trials} trials`)
  }
  if (trials === 0) return [0, 1]
  return wilsonLimits(successes / trials, trials, normalDeviate(level))
}
