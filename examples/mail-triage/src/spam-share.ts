import type { JobRecord } from './job-record.ts'
import { ledgerPages } from './ledger-pages.ts'
import { COLD_START } from './settings.ts'

/** How much of the mail of some time was spam. */
export interface SpamShare {
  readonly period: string
  readonly mails: number
  readonly spam: number
}

/** A month of fewer live mails says little, and is left out. */
const LEAST_MAILS = 100

const monthOf = (time: number): string =>
  new Date(time).toLocaleString('en-US', { month: 'long', year: 'numeric', timeZone: 'UTC' })

async function ofColdStart({ register }: JobRecord): Promise<SpamShare> {
  let [mails, spam] = [0, 0]
  for await (const { lines } of ledgerPages(register, 'outcomes')) {
    for (const { outcome, prediction } of lines) {
      if (prediction.model.name !== COLD_START.model.name || outcome.phase !== 'horizon') continue
      mails += 1
      if (outcome.label === 'spam') spam += 1
    }
  }
  return { period: 'the cold start', mails, spam }
}

/** The share of spam in the cold start, as its labels say, and then month by month, as the corpus says. */
export async function spamShares(record: JobRecord): Promise<readonly SpamShare[]> {
  const months = [...Map.groupBy(record.mails, ({ time }) => monthOf(time))].map(([period, mails]) => ({
    period,
    mails: mails.length,
    spam: mails.filter(({ truth }) => truth === 'spam').length,
  }))
  return [await ofColdStart(record), ...months.filter(({ mails }) => mails >= LEAST_MAILS)]
}
