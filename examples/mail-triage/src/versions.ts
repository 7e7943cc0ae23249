import { createHash } from 'node:crypto'
import type { Features, TrainingExample } from '@groundtrace/core'
import type { MailFeatures } from './features.ts'
import { createSpamFilter, type SpamFilter } from './spam-filter.ts'
import type { SpamFilterModel } from './spam-filter-model.ts'
import { trainSpamFilter, type MailLabel } from './spam-filter-training.ts'

/** A version of the filter with where it came from. */
export interface Version {
  /** In TypeScript, for mails that it did not serve. */
  readonly filter: SpamFilter
  readonly model: SpamFilterModel
  readonly version: string
  readonly trainedOn: string
  readonly examples: number
}

/** The hashed words that the register kept of a mail. */
export function mailFeaturesOf({ buckets, counts }: Features): MailFeatures {
  return { buckets: buckets as readonly number[], counts: counts as readonly number[] }
}

/** What keeps copies of a mail (the same words as often) and mails of a thread on one side of a split. */
export function groupsOf({ features }: Pick<TrainingExample, 'features'>): readonly string[] {
  const words = JSON.stringify([features.buckets, features.counts])
  return [`words ${createHash('sha256').update(words).digest('hex')}`, `thread ${String(features.thread)}`]
}

/**
 * A released mail stands for the blocked ones that were not; its weight is bounded, so that a single one, wrongly labelled,
 * does not decide what the filter learns.
 */
const HEAVIEST_EXAMPLE = 4

/** Trains a filter on examples; `name` gives it its version from the hash of its weights. */
export function trainVersion(
  examples: readonly TrainingExample[],
  seed: number,
  name: (contents: string) => string,
): Pick<Version, 'filter' | 'model' | 'version'> {
  const model = trainSpamFilter({
    seed,
    examples: examples.map((example) => ({
      features: mailFeaturesOf(example.features),
      label: example.label as MailLabel,
      weight: Math.min(1 / (example.propensity ?? 1), HEAVIEST_EXAMPLE),
      group: String(example.features.thread),
    })),
  })
  const version = name(model.hash)
  return { version, model, filter: createSpamFilter(model, { version }) }
}
