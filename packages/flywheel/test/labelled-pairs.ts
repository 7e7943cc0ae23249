import type { LabelledPair } from '@groundtrace/flywheel'

/** `n` mails of class `truth`, of which only the candidate is right on `won` and only the champion on `lost`. */
export function pairsOf(truth: string, n: number, won: number, lost: number, weight?: number): readonly LabelledPair[] {
  const wrong = truth === 'spam' ? 'ham' : 'spam'
  return Array.from({ length: n }, (_, index) => ({
    truth,
    candidateLabel: index >= won && index < won + lost ? wrong : truth,
    championLabel: index < won ? wrong : truth,
    ...(weight === undefined ? {} : { weight }),
  }))
}
