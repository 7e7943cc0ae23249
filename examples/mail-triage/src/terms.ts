import { COLD_START } from './settings.ts'
import { count } from './words.ts'

/** What the words of summary and report mean; each stands where its word first occurs. */
export const TERMS = {
  accuracy:
    'Accuracy is the share of mails with the right label. Balanced accuracy is the mean of that share among spam and among ham: rare spam counts as much as common ham.',
  precision:
    'Precision is the share of spam among the mails called spam. Recall is the share of the spam that was called so.',
  frozen: 'Frozen is the first version on the very same mails, never trained again.',
  naive: 'Naive counts the answers that came in, as if they stood for all mails.',
  estimated:
    'Estimated counts the mails that chance released or audited, the holdout, each weighted by 1 over its chance.',
  worth: 'Worth is how many evenly drawn mails the holdout is as good as: its effective sample size.',
  coldStart: `The cold start is the first ${count(COLD_START.mails)} mails: all of them pass, an expert labels them, and the first version learns from that.`,
  outcomes:
    'Settled: the truth is known. Expired: nobody answered in time. Censored: the mail was blocked and not released, so nobody could answer.',
  reused: 'An example that validated one version may train a later one.',
} as const

/** What became of the versions that are in no table. */
export function refusedInWords(trained: number, deployed: number): string {
  const refused = trained - deployed
  const fate =
    refused === 0
      ? 'All of them went live.'
      : `${refused} of them did not pass the promotion gate: their numbers are missing here.`
  return `${trained} versions were trained. ${fate}`
}
