import { invalid, parseNumbers } from './parse.ts'
import { sum } from './sum.ts'

/** How far from 1 the sum may be: scores are often rounded for logs. */
const SUM_TOLERANCE = 0.01

function parseDistribution(probabilities: Iterable<number>): readonly number[] {
  const list = parseNumbers(probabilities, 'probabilities')
  const outside = list.findIndex((probability) => probability < 0 || probability > 1)
  if (outside !== -1) throw invalid(`probabilities[${outside}]`, list[outside], 'Pass probabilities from 0 to 1')
  const total = sum(list)
  if (Math.abs(total - 1) > SUM_TOLERANCE) {
    throw invalid('The sum of probabilities', total, 'Pass the probabilities of all classes, which add up to 1')
  }
  return list
}

/**
 * 1 − the highest probability. From 0 (certain) to 1 − 1 / classes.
 *
 * Source of the three measures: B. Settles, "Active learning literature survey", University of Wisconsin–Madison,
 * Computer Sciences Technical Report 1648, 2009, 3.1.
 *
 * @param probabilities of all classes, in any order; they add up to 1, give or take 0.01
 * @throws StatisticsError `invalid-argument`
 */
export function leastConfidence(probabilities: Iterable<number>): number {
  return 1 - parseDistribution(probabilities).reduce((highest, probability) => Math.max(highest, probability), 0)
}

/**
 * 1 − (the highest probability − the second highest). From 0 (certain) to 1 (two classes are equally likely).
 *
 * @param probabilities see `leastConfidence`
 * @throws StatisticsError `invalid-argument`
 */
export function marginUncertainty(probabilities: Iterable<number>): number {
  let [first, second] = [0, 0]
  for (const probability of parseDistribution(probabilities)) {
    second = Math.max(second, Math.min(first, probability))
    first = Math.max(first, probability)
  }
  return 1 - (first - second)
}

/**
 * Shannon entropy −Σ p ln p in nats. From 0 (certain) to ln(classes).
 *
 * @param probabilities see `leastConfidence`
 * @throws StatisticsError `invalid-argument`
 */
export function entropyUncertainty(probabilities: Iterable<number>): number {
  const list = parseDistribution(probabilities)
  return 0 - sum(list, (probability) => (probability === 0 ? 0 : probability * Math.log(probability)))
}
