import type { LineageLine, Prediction, Register, TrackingId, TrainingExample } from '@groundtrace/core'
import {
  collectExamples,
  compareVersions,
  dataSetLine,
  derivedSalts,
  evaluateTriggers,
  ExamplePool,
  gateLine,
  lineageLine,
  manifestOf,
  nextVersion,
  NO_HISTORY,
  promotionGate,
  retrainingLine,
  revealWeights,
  rollbackDecision,
  rollbackLines,
  splitDataSets,
  type DataSetSplit,
  type LabelledPair,
  type SetHistory,
  type Situation,
  type TriggerReading,
} from '@groundtrace/flywheel'
import { GATE, MODEL, SPAM_TASK, SPLIT, TRIGGERS } from './settings.ts'
import type { SpamFilter } from './spam-filter.ts'
import { groupsOf, mailFeaturesOf, trainVersion, type Version } from './versions.ts'

/** What the loop did to the versions at one moment. */
export interface Turn {
  readonly time: number
  readonly kind: 'deployed' | 'kept' | 'blind' | 'rolled-back'
  readonly version: string
  readonly trigger?: string
  readonly reason: string
}

export interface GenerationsOptions {
  readonly register: Register
  readonly seed: number
  readonly secret: string
}

/** Predictions as the gate's weights need them. */
type Seen = Pick<Prediction, 'id' | 'policy' | 'value' | 'time'>

/** How often a version is looked at for a rollback; each look is taken at a level that allows for all. */
const ROLLBACK_LOOKS = 20

/** The versions of the filter: when a new one is trained, on what, and whether it goes live. Knows no truth but the register's. */
export class Generations {
  readonly #register: Register
  readonly #seed: number
  readonly #secret: string
  readonly #pool = new ExamplePool(SPAM_TASK.name)
  readonly #seen: Seen[] = []
  readonly #servedBy = new Map<TrackingId, string>()
  #history: SetHistory = NO_HISTORY
  #outcomesRead = 0
  #predictionsRead = 0
  #champion: Version | undefined
  /** The version before the champion, as long as it may come back. */
  #replaced: Version | undefined
  #deployedTime = 0
  readonly deployed: Version[] = []
  readonly turns: Turn[] = []

  constructor({ register, seed, secret }: GenerationsOptions) {
    this.#register = register
    this.#seed = seed
    this.#secret = secret
  }

  get champion(): SpamFilter {
    if (this.#champion === undefined) throw new Error('No version was trained yet. Call begin first.')
    return this.#champion.filter
  }

  /** Examples that no data set holds yet. */
  get newExamples(): number {
    return this.#pool.examples().filter(({ prediction }) => !this.#history.predictions.has(prediction)).length
  }

  /** Trains and deploys the first version on what the cold start brought. */
  async begin(time: number): Promise<void> {
    await this.#read()
    const split = this.#split(SPLIT.firstValidationShare)
    if (split.verdict === 'blind') throw new Error(`The cold start is not enough to begin with: ${split.reason}`)
    const version = await this.#train(split, time)
    await this.#deploy(version, time, 'first version, trained on the cold start')
  }

  /** Reads what is new, and retrains, promotes or rolls back where that is called for. Returns what the triggers said. */
  async turn(time: number, situation: Omit<Situation, 'newExamples'>): Promise<readonly TriggerReading[]> {
    await this.#read()
    if (await this.#rolledBack(time)) return []
    const readings = evaluateTriggers(TRIGGERS, { ...situation, newExamples: this.newExamples })
    const fired = readings.find(({ state }) => state === 'fired')
    if (fired === undefined) return readings
    const split = this.#split(SPLIT.validationShare)
    const lack = split.verdict === 'blind' ? split.reason : this.#lackOf(split.validation)
    if (lack !== undefined) {
      this.#wait({ time, kind: 'blind', version: this.champion.version, trigger: fired.trigger, reason: lack })
      return readings
    }
    await this.#register.appendLineage([retrainingLine(MODEL, fired, time)])
    const candidate = await this.#train(split, time)
    await this.#decide(candidate, split.validation, fired, time)
    return readings
  }

  /** Scores of the champion on the latest predictions: what it takes for normal. */
  referenceScores(count: number): Promise<readonly number[]> {
    return Promise.all(
      this.#seen.slice(-count).map(async ({ id }) => {
        const prediction = await this.#register.prediction(id)
        return this.champion.scoreFeatures(mailFeaturesOf(prediction?.features ?? {})).spam
      }),
    )
  }

  async #read(): Promise<void> {
    for (;;) {
      const page = await this.#register.read('predictions', { after: this.#predictionsRead })
      if (page.lines.length === 0) break
      for (const { id, policy, value, time, model } of page.lines) {
        this.#seen.push({
          id,
          time,
          ...(policy === undefined ? {} : { policy }),
          ...(value === undefined ? {} : { value }),
        })
        this.#servedBy.set(id, model.version)
      }
      this.#predictionsRead = page.position
    }
    this.#outcomesRead = (await collectExamples(this.#register, this.#pool, { after: this.#outcomesRead })).position
  }

  #split(validationShare: number): DataSetSplit {
    const { minimumPerClass } = SPLIT
    return splitDataSets(this.#pool.examples(), {
      task: SPAM_TASK,
      groupOf: groupsOf,
      history: this.#history,
      validationShare,
      minimumPerClass,
    })
  }

  /** A validation set that could not decide anything is not used up: it grows until it can. */
  #lackOf(validation: readonly TrainingExample[]): string | undefined {
    return compareVersions(this.#pairs(validation, this.champion, this.champion), GATE).blind
  }

  /** Says once that there is too little evidence, not at every look. */
  #wait(turn: Turn): void {
    if (this.turns.at(-1)?.kind !== 'blind') this.turns.push(turn)
  }

  /** Trains on one side of a split and writes down both sides and the version. */
  async #train(split: DataSetSplit, time: number): Promise<Version> {
    this.#history = split.history
    const saltOf = derivedSalts(this.#secret)
    const sets = (['training', 'validation'] as const).map(
      (role) => manifestOf({ role, task: SPAM_TASK.name, examples: split[role], saltOf }).manifest,
    )
    const [training, validation] = sets
    if (training === undefined || validation === undefined) throw new Error('A split has two sides.')
    const known = await this.#register.versions()
    const trained = trainVersion(split.training, this.#seed, (contents) => nextVersion(MODEL, known, contents))
    await this.#register.appendLineage([
      dataSetLine(training, time),
      dataSetLine(validation, time),
      lineageLine(
        {
          kind: 'version-trained',
          model: MODEL,
          version: trained.version,
          trainedOn: training.dataSet,
          validatedOn: validation.dataSet,
        },
        time,
      ),
    ])
    return { ...trained, trainedOn: training.dataSet, examples: split.training.length }
  }

  async #decide(
    candidate: Version,
    validation: readonly TrainingExample[],
    fired: TriggerReading,
    time: number,
  ): Promise<void> {
    const decision = promotionGate({
      ...GATE,
      candidate: candidate.version,
      champion: this.champion.version,
      validation: this.#pairs(validation, candidate.filter, this.champion),
    })
    await this.#register.appendLineage([gateLine(MODEL, decision, time)])
    if (decision.verdict === 'promote') await this.#deploy(candidate, time, decision.reason, fired.trigger)
    else
      this.turns.push({
        time,
        kind: 'kept',
        version: this.champion.version,
        trigger: fired.trigger,
        reason: decision.reason,
      })
  }

  async #deploy(version: Version, time: number, reason: string, trigger?: string): Promise<void> {
    const lines: LineageLine[] = [
      lineageLine({ kind: 'version-deployed', model: MODEL, version: version.version, reason }, time),
    ]
    if (this.#champion !== undefined) {
      lines.push(
        lineageLine(
          {
            kind: 'version-retired',
            model: MODEL,
            version: this.#champion.version,
            reason: `replaced by ${version.version}`,
          },
          time,
        ),
      )
    }
    await this.#register.appendLineage(lines)
    this.#replaced = this.#champion
    this.#champion = version
    this.#deployedTime = time
    this.deployed.push(version)
    this.turns.push({
      time,
      kind: 'deployed',
      version: version.version,
      reason,
      ...(trigger === undefined ? {} : { trigger }),
    })
  }

  /** Two versions on examples, each standing for the predictions of its stratum that nobody answered. */
  #pairs(examples: readonly TrainingExample[], candidate: SpamFilter, champion: SpamFilter): readonly LabelledPair[] {
    const weights = this.#weights(examples)
    return examples.map((example) => {
      const features = mailFeaturesOf(example.features)
      return {
        truth: String(example.label),
        candidateLabel: candidate.scoreFeatures(features).label,
        championLabel: champion.scoreFeatures(features).label,
        weight: weights.get(example.prediction) ?? 1,
      }
    })
  }

  /** How many predictions of their time each example stands for. */
  #weights(examples: readonly TrainingExample[]): ReadonlyMap<TrackingId, number> {
    const first = Math.min(...examples.map((example) => example.time))
    const last = Math.max(...examples.map((example) => example.time))
    return revealWeights({
      predictions: this.#seen.filter((prediction) => prediction.time >= first && prediction.time <= last),
      revealed: examples.map((example) => example.prediction),
    }).weights
  }

  /** Goes back to the version before where the champion, on what it served, proves worse. */
  async #rolledBack(time: number): Promise<boolean> {
    const [current, replaced] = [this.#champion, this.#replaced]
    if (current === undefined || replaced === undefined) return false
    const served = this.#pool
      .examples()
      .filter(
        (example) => example.time >= this.#deployedTime && this.#servedBy.get(example.prediction) === current.version,
      )
    if (served.length === 0) return false
    const decision = rollbackDecision({
      ...GATE,
      margin: 0,
      version: current.version,
      replaced: replaced.version,
      looks: ROLLBACK_LOOKS,
      evidence: { pairs: this.#pairs(served, current.filter, replaced.filter) },
    })
    if (decision.verdict !== 'roll-back') return false
    await this.#register.appendLineage(rollbackLines(MODEL, decision, time))
    this.#champion = replaced
    this.#replaced = undefined
    this.#deployedTime = time
    this.turns.push({ time, kind: 'rolled-back', version: replaced.version, reason: decision.reason })
    return true
  }
}
