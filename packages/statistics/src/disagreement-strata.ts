import { invalid, parseList, parseWhole } from './parse.ts'
import { StatisticsError } from './statistics-error.ts'
import { sum } from './sum.ts'

/** Units to which both versions gave the same two labels, and whose truth was revealed with the same chance. */
export interface DisagreementStratum {
  /** What the candidate says of them. */
  readonly candidate: string
  /** What the champion says of them. */
  readonly champion: string
  /** How many such units there are, truth known or not: a whole number from 0 on. */
  readonly population: number
  /** How many of those whose truth is known are of each class; classes without any may be left out. */
  readonly revealed: Readonly<Record<string, number>>
}

/** A stratum that has units. */
export interface ComparedStratum {
  readonly candidate: string
  readonly champion: string
  readonly population: number
  /** How many truths are known. */
  readonly known: number
  /** Share of each class: among the known truths, or where there are none among those of strata that are alike. */
  readonly shares: ReadonlyMap<string, number>
}

/** What every stratum is taken to hold, and what that adds up to. */
export interface ComparedStrata {
  readonly strata: readonly ComparedStratum[]
  readonly population: number
  /** Estimated number of units of each class of which at least one truth is known. */
  readonly totals: ReadonlyMap<string, number>
}

type Read = Omit<ComparedStratum, 'shares'> & { readonly counts: readonly (readonly [label: string, count: number])[] }

function parseStratum(stratum: DisagreementStratum, name: string): Read {
  if (typeof stratum !== 'object' || stratum === null) {
    throw invalid(name, stratum, 'Pass { candidate, champion, population, revealed }')
  }
  const { candidate, champion, revealed } = stratum
  for (const [role, label] of Object.entries({ candidate, champion })) {
    if (typeof label !== 'string' || label === '') throw invalid(`${name}.${role}`, label, 'Pass the label as a text')
  }
  const population = parseWhole(stratum.population, `${name}.population`, 0)
  if (typeof revealed !== 'object' || revealed === null) {
    throw invalid(`${name}.revealed`, revealed, 'Pass a count for each class; {} where no truth is known')
  }
  const counts = Object.entries(revealed)
    .map(([label, count]) => [label, parseWhole(count, `${name}.revealed.${label}`, 0)] as const)
    .filter(([, count]) => count > 0)
  const known = sum(counts, ([, count]) => count)
  if (known > population) {
    throw new StatisticsError(
      'impossible-counts',
      `${name} has ${known} known truths of only ${population} units`,
      'Count every unit in population, and every known truth once in revealed',
    )
  }
  return { candidate, champion, population, known, counts }
}

/** Shares of the classes where each known truth stands for N / n units of its stratum (post-stratification). */
function sharesOver(strata: readonly Read[]): ReadonlyMap<string, number> | undefined {
  const seen = strata.filter(({ known }) => known > 0)
  if (seen.length === 0) return undefined
  const whole = sum(seen, ({ population }) => population)
  const shares = new Map<string, number>()
  for (const { counts, known, population } of seen) {
    for (const [label, count] of counts) {
      shares.set(label, (shares.get(label) ?? 0) + (population / whole) * (count / known))
    }
  }
  return shares
}

/**
 * Reads strata. One of which no truth is known is taken to be like those with the same two labels, or else like all;
 * when no truth is known at all, the shares are empty, like the totals.
 * @throws StatisticsError `invalid-argument`, `impossible-counts`
 */
export function comparedStrata(given: Iterable<DisagreementStratum>): ComparedStrata {
  const read = parseList(given, 'strata')
    .map((stratum, index) => parseStratum(stratum, `strata[${index}]`))
    .filter(({ population }) => population > 0)
  const overall = sharesOver(read) ?? new Map<string, number>()
  const strata = read.map((stratum): ComparedStratum => {
    const { candidate, champion, population, known } = stratum
    const alike = (other: Read) => other.candidate === candidate && other.champion === champion
    const shares = sharesOver(known > 0 ? [stratum] : read.filter(alike)) ?? overall
    return { candidate, champion, population, known, shares }
  })
  const total = (label: string) => sum(strata, ({ population, shares }) => population * (shares.get(label) ?? 0))
  return {
    strata,
    population: sum(strata, ({ population }) => population),
    totals: new Map([...overall.keys()].map((label) => [label, total(label)])),
  }
}
