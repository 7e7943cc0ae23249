/** How the field reads an alpha. */
export type AgreementBand = 'reliable' | 'tentative' | 'unreliable'

/** Customary limits; a rounding error below one is on it. */
const RELIABLE = 0.8
const TENTATIVE = 0.667
const ROUNDING = 1e-12

/**
 * Reading of an alpha: from .800 on it can be relied upon, from .667 on it allows tentative conclusions, below that none.
 *
 * Source: K. Krippendorff, "Reliability in content analysis: some common misconceptions and recommendations", Human
 * Communication Research 30 (2004), 411–433, and Content Analysis, 4th edition, Sage 2019, chapter 12. As he asks how
 * probable it is that the reliability is below the limit, the lower end of an interval is read where there is one.
 */
export function agreementBand(alpha: number | undefined): AgreementBand | undefined {
  if (alpha === undefined) return undefined
  if (alpha >= RELIABLE - ROUNDING) return 'reliable'
  return alpha >= TENTATIVE - ROUNDING ? 'tentative' : 'unreliable'
}
