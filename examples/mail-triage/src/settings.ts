import { join } from 'node:path'
import { defineTask } from '@groundtrace/core'
import type { ExplorationOptions } from '@groundtrace/exploration'
import type { Trigger } from '@groundtrace/flywheel'

/** Where a run leaves report, register, metrics and model files. */
export const OUT_FOLDER = join(import.meta.dirname, '../../../out/mail-triage')

/** Where a run writes until it is finished: one that is stopped leaves what the last one left. */
export const UNFINISHED_FOLDER = `${OUT_FOLDER}.unfinished`

const DAY_SECONDS = 24 * 3600

/** The question that the filter answers. A blocked mail is seen by nobody, unless the holdout released it. */
export const SPAM_TASK = defineTask({
  name: 'spam',
  kind: 'binary',
  classes: ['ham', 'spam'],
  horizonSeconds: 7 * DAY_SECONDS,
  unobservableActions: ['block'],
})

export const MODEL = 'filter'

/** What served before there was a filter: everything passed, and an expert labelled what came. */
export const COLD_START = { model: { name: 'pass-all', version: '0' }, mails: 1000 } as const

/** Released of what is blocked, by score, and audited of what passes. */
export const EXPLORATION = {
  release: {
    action: 'block',
    tiers: [
      { from: 0.5, propensity: 0.25 },
      { from: 0.9, propensity: 0.1 },
      { from: 0.99, propensity: 0.03 },
    ],
  },
  audit: { action: 'pass', propensity: 0.05 },
} as const satisfies Omit<ExplorationOptions, 'secret'>

/** What asks for a new version. */
export const TRIGGERS: readonly Trigger[] = [
  { kind: 'volume', newExamples: 200 },
  { kind: 'drift', minimumNewExamples: 100, minimumUnits: 100 },
  { kind: 'quality', minimumNewExamples: 100, minimumUnits: 20, floor: 0.8 },
]

/**
 * What the promotion gate asks of a candidate. Accuracy, because spam falls to 1 % of the mail: a window then holds too
 * few to prove anything about balanced accuracy, and the gate would stay shut for good. Balanced accuracy guards it, so that
 * a version that calls nothing spam can't pass.
 */
export const GATE = {
  metric: 'accuracy',
  guard: 'balancedAccuracy',
  margin: 0.02,
  level: 0.9,
  minimumRevealed: 3,
} as const

/** A version that went live is compared with the one it replaced after every so many of its mails, and so often at most. */
export const ROLLBACK = { everyMails: 200, looks: 20 } as const

/** How examples are split: most validate, because those that train come from before. */
export const SPLIT = { validationShare: 0.6, minimumPerClass: 1 } as const

/** The loop looks at itself after every so many mails. */
export const CHECK_EVERY_MAILS = 50

/** Scores that the drift monitor compares: those of the latest mails. */
export const DRIFT_WINDOW_MAILS = 200

/** Predictions whose scores a new version takes for normal: the latest ones before it went live. */
export const DRIFT_REFERENCE_MAILS = 500

/** Longest excerpt of a masked mail that the register keeps. */
export const EXCERPT_CHARACTERS = 160
