import { OUTCOME_STATES, type LineageLine, type OutcomeState, type Register, type TrackingId } from '@groundtrace/core'
import { walkLineage } from '@groundtrace/flywheel'
import type { PropensityWeightedEstimate } from '@groundtrace/statistics'
import type { JobRecord, LiveMail } from './job-record.ts'
import { ledgerPages } from './ledger-pages.ts'
import { qualityOf, type Quality } from './quality.ts'
import { EXPLORATION, MODEL } from './settings.ts'
import { spamShares, type SpamShare } from './spam-share.ts'

interface PrecisionAndRecall<T> {
  readonly precision: T
  readonly recall: T
}

interface JsonEstimate {
  readonly value: number | null
  readonly interval: readonly [low: number, high: number] | null
  readonly effectiveSampleSize: number
}

/** The JSON of the main job. Undefined figures are null; intervals are 95 %. */
export interface JobResult {
  readonly data: {
    readonly name: string
    readonly records: number
    readonly licence: string
    /** What shifts: first of the cold start, then by month. */
    readonly spam: readonly SpamShare[]
  }
  readonly seed: number
  readonly predictions: number
  readonly feedback: {
    readonly received: number
    readonly joined: number
    readonly held: number
    readonly duplicate: number
    readonly rejected: number
  }
  readonly outcomes: Readonly<Record<OutcomeState, number>>
  /** `coldStart`: how many of those in training are from before the first version. */
  readonly examples: { readonly training: number; readonly validation: number; readonly coldStart: number }
  readonly models: { readonly filter: FilterResult }
  readonly lineage: { readonly checked: number; readonly broken: number }
  readonly loss: Readonly<Record<string, number>>
  readonly seconds: number
  readonly rssMb: number
  readonly report: string
}

export interface FilterResult {
  readonly loop: Quality
  readonly frozen: Quality
  /** Versions that were trained, those that the gate refused included. */
  readonly trained: number
  readonly generations: readonly GenerationResult[]
  readonly holdout: {
    readonly tiers: readonly { readonly propensity: number; readonly blocked: number; readonly released: number }[]
    readonly audit: { readonly propensity: number; readonly passed: number; readonly audited: number }
    readonly naive: PrecisionAndRecall<number | null> & { readonly accuracy: number | null }
    readonly estimated: PrecisionAndRecall<JsonEstimate>
    readonly actual: PrecisionAndRecall<number | null>
  }
}

export interface GenerationResult {
  readonly version: string
  readonly trainedOn: string
  readonly examples: number
  readonly predictions: number
  readonly balancedAccuracy: number | null
  readonly frozenBalancedAccuracy: number | null
  readonly driftAlarms: number
}

export interface Spent {
  readonly seconds: number
  readonly rssMb: number
  readonly report: string
}

/** The figures of a run. */
export async function resultOf(record: JobRecord, { seconds, rssMb, report }: Spent): Promise<JobResult> {
  const { corpus, seed, mails, feedback, register } = record
  const { examples, lineage } = await walkAllLineage(record)
  const received = Object.values(feedback).reduce((sum, count) => sum + count, 0)
  const { feedback: now, loss } = await register.totals()
  return {
    data: {
      name: corpus.name,
      records: corpus.records,
      licence: corpus.licence,
      spam: await spamShares(record),
    },
    seed,
    predictions: mails.length,
    feedback: {
      received,
      joined: feedback.stored + feedback.orphaned - now.orphaned,
      held: feedback.held,
      duplicate: feedback.duplicate,
      rejected: feedback.rejected + feedback.conflict,
    },
    outcomes: await latestOutcomes(register),
    examples,
    models: { filter: filterResult(record, await trainedVersions(register)) },
    lineage,
    loss: { ...loss, ...record.loss },
    seconds,
    rssMb,
    report,
  }
}

/** The state of every live prediction's latest outcome. */
async function latestOutcomes(register: Register): Promise<JobResult['outcomes']> {
  const latest = new Map<TrackingId, OutcomeState>()
  for await (const { lines } of ledgerPages(register, 'outcomes')) {
    for (const { outcome, prediction } of lines) {
      if (prediction.model.name === MODEL) latest.set(prediction.id, outcome.state)
    }
  }
  const counts = Object.fromEntries(OUTCOME_STATES.map((state) => [state, 0])) as Record<OutcomeState, number>
  for (const state of latest.values()) counts[state] += 1
  return counts
}

async function trainedVersions(register: Register): Promise<number> {
  return (await register.versions()).filter(({ model }) => model === MODEL).length
}

type DataSetMade = LineageLine & { readonly kind: 'data-set-made' }

/** Walks every example back to feedback, prediction and span; one that is in several data sets of a role is one example. */
async function walkAllLineage({ register, mails }: JobRecord): Promise<Pick<JobResult, 'examples' | 'lineage'>> {
  const made: DataSetMade[] = []
  for await (const { lines } of ledgerPages(register, 'lineage')) {
    for (const line of lines) if (line.kind === 'data-set-made') made.push(line)
  }
  const examples = { training: new Set<TrackingId>(), validation: new Set<TrackingId>() }
  const coldStart = new Set<TrackingId>()
  const live = new Set(mails.map(({ trackingId }) => trackingId))
  const broken = new Set<string>()
  for (const { dataSet, role } of made) {
    const line = await register.dataSet(dataSet)
    for (const { example, prediction } of line?.members ?? []) {
      examples[role].add(example)
      if (!live.has(prediction)) coldStart.add(example)
    }
    for (const { member } of (await walkLineage(register, dataSet)).broken) broken.add(`${role} ${member.example}`)
  }
  const [training, validation] = [examples.training.size, examples.validation.size]
  return {
    examples: { training, validation, coldStart: coldStart.size },
    lineage: { checked: training + validation, broken: broken.size },
  }
}

const exploredOf = (mails: readonly LiveMail[]): number => mails.filter(({ policy }) => policy.explored).length

function filterResult(record: JobRecord, trained: number): FilterResult {
  const { mails, monitor, deployed } = record
  const loop = qualityOf(mails, ({ predicted }) => predicted)
  const naive = monitor.naive()
  const estimated = monitor.estimated()
  const inTier = (action: string, propensity: number): readonly LiveMail[] =>
    mails.filter(({ policy }) => policy.action === action && policy.propensity === propensity)
  const passed = inTier(EXPLORATION.audit.action, EXPLORATION.audit.propensity)
  return {
    loop,
    frozen: qualityOf(mails, ({ frozen }) => frozen),
    trained,
    generations: deployed.map((version) => generationResult(record, version)),
    holdout: {
      tiers: EXPLORATION.release.tiers.map(({ propensity }) => {
        const blocked = inTier(EXPLORATION.release.action, propensity)
        return { propensity, blocked: blocked.length, released: exploredOf(blocked) }
      }),
      audit: { propensity: EXPLORATION.audit.propensity, passed: passed.length, audited: exploredOf(passed) },
      naive: {
        accuracy: naive.accuracy ?? null,
        precision: naive.precision ?? null,
        recall: naive.recall ?? null,
      },
      estimated: { precision: jsonEstimate(estimated.precision), recall: jsonEstimate(estimated.recall) },
      actual: { precision: loop.precision, recall: loop.recall },
    },
  }
}

function generationResult(
  { mails, samples }: JobRecord,
  { version, trainedOn, examples }: JobRecord['deployed'][number],
): GenerationResult {
  const served = mails.filter((mail) => mail.version === version)
  const looks = samples.filter((sample) => sample.version === version)
  const alarms = looks.filter(
    ({ drift }, index) => drift.state === 'drift' && looks[index - 1]?.drift.state !== 'drift',
  )
  return {
    version,
    trainedOn,
    examples,
    predictions: served.length,
    balancedAccuracy: qualityOf(served, ({ predicted }) => predicted).balancedAccuracy,
    frozenBalancedAccuracy: qualityOf(served, ({ frozen }) => frozen).balancedAccuracy,
    driftAlarms: alarms.length,
  }
}

function jsonEstimate({ estimate, interval, effectiveSampleSize }: PropensityWeightedEstimate): JsonEstimate {
  return { value: estimate ?? null, interval: interval ?? null, effectiveSampleSize }
}
