import type { DisagreementStratum, PairedUnit } from '@groundtrace/statistics'

/** A mail as both versions and the policy see it. The champion serves: its label decides who is revealed, and how often. */
interface Cell {
  readonly truth: string
  readonly candidate: string
  readonly champion: string
  readonly tier: string
  readonly propensity: number
  readonly share: number
}

/** Two versions of a filter in a world of endless mail. */
export interface TwoVersions {
  readonly cells: readonly Cell[]
  /** Candidate − champion. */
  readonly accuracy: number
  readonly balancedAccuracy: number
}

export interface WorldOptions {
  readonly spam: number
  /** Share of the mails that the versions disagree on, and share of these that the candidate is right on. */
  readonly disagree: number
  readonly won: number
  /** Whether the candidate contradicts the champion where it is sure of itself as often as where it is not. */
  readonly bold?: boolean
}

/** Blocked mail is released at 25, 10 and 3 % by score; of what passes 5 % is audited and of the rest 20 % answered. */
const PROPENSITIES = [0.25, 0.1, 0.03] as const
const PASSED = 0.05 + 0.95 * 0.2
const TIERS = { agreed: [0.3, 0.3, 0.4], bold: [1 / 3, 1 / 3, 1 / 3], shy: [0.7, 0.25, 0.05] } as const
/** Where they agree, both are right on this share. */
const RIGHT = 0.95

const other = (label: string) => (label === 'spam' ? 'ham' : 'spam')

export function twoVersions({ spam, disagree, won, bold = false }: WorldOptions): TwoVersions {
  const cells: Cell[] = []
  const put = (truth: string, candidate: string, champion: string, share: number) => {
    const cell = { truth, candidate, champion }
    if (champion === 'ham') cells.push({ ...cell, tier: 'passed', propensity: PASSED, share })
    else {
      const tiers = TIERS[candidate === champion ? 'agreed' : bold ? 'bold' : 'shy']
      for (const [index, propensity] of PROPENSITIES.entries()) {
        cells.push({ ...cell, tier: `blocked at ${propensity}`, propensity, share: share * (tiers[index] ?? 0) })
      }
    }
  }
  const spamOfDisagreed = Math.min(0.5, 1.5 * spam)
  const recalls: number[] = []
  let accuracy = 0
  for (const [truth, share, ofDisagreed] of [
    ['spam', spam, spamOfDisagreed],
    ['ham', 1 - spam, 1 - spamOfDisagreed],
  ] as const) {
    const disagreed = Math.min(0.95 * share, disagree * ofDisagreed)
    put(truth, truth, other(truth), disagreed * won)
    put(truth, other(truth), truth, disagreed * (1 - won))
    put(truth, truth, truth, (share - disagreed) * RIGHT)
    put(truth, other(truth), other(truth), (share - disagreed) * (1 - RIGHT))
    accuracy += disagreed * (2 * won - 1)
    recalls.push((disagreed * (2 * won - 1)) / share)
  }
  return { cells, accuracy, balancedAccuracy: recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length }
}

/** A window of mails as the gate sees it: in strata, and as the weighted pairs that it used to see. */
export function drawWindow(
  { cells }: TwoVersions,
  mails: number,
  random: () => number,
): { readonly strata: readonly DisagreementStratum[]; readonly pairs: readonly PairedUnit[] } {
  const strata = new Map<string, { candidate: string; champion: string; population: number; revealed: Tally }>()
  const tiers = new Map<string, { mails: number; revealed: Cell[] }>()
  for (let mail = 0; mail < mails; mail += 1) {
    const cell = pick(cells, random())
    const { truth, candidate, champion, tier, propensity } = cell
    const key = `${candidate} ${champion} ${tier}`
    const stratum = strata.get(key) ?? { candidate, champion, population: 0, revealed: {} }
    const ofTier = tiers.get(tier) ?? { mails: 0, revealed: [] }
    stratum.population += 1
    ofTier.mails += 1
    if (random() < propensity) {
      stratum.revealed[truth] = (stratum.revealed[truth] ?? 0) + 1
      ofTier.revealed.push(cell)
    }
    strata.set(key, stratum)
    tiers.set(tier, ofTier)
  }
  const pairs = [...tiers.values()].flatMap(({ mails, revealed }) =>
    revealed.map(({ truth, candidate, champion }) => ({
      candidate: candidate === truth,
      champion: champion === truth,
      class: truth,
      weight: mails / revealed.length,
    })),
  )
  return { strata: [...strata.values()], pairs }
}

type Tally = Record<string, number>

function pick(cells: readonly Cell[], at: number): Cell {
  let left = at
  for (const cell of cells) {
    left -= cell.share
    if (left < 0) return cell
  }
  return cells.at(-1) as Cell
}
