import type { LineageLine, Register, TrackingId, TrainingExample } from '@groundtrace/core'
import {
  collectExamples,
  dataSetLine,
  derivedSalts,
  evaluateTriggers,
  ExamplePool,
  extendHistory,
  gateLine,
  lineageLine,
  manifestOf,
  nextVersion,
  NO_HISTORY,
  promotionGate,
  retrainingLine,
  rollbackDecision,
  rollbackLines,
  splitDataSets,
  type ComparedPrediction,
  type DataSetSplit,
  type SetHistory,
  type Situation,
  type TriggerReading,
} from '@groundtrace/flywheel'
import { GATE, MODEL, ROLLBACK, SPAM_TASK, SPLIT, TRIGGERS } from './settings.ts'
import { groupsOf, mailFeaturesOf, trainVersion, type Version } from './versions.ts'
import { ServedWindow } from './window.ts'

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

/** What a version is trained on and, but for the first, validated with. */
type Sets = Pick<DataSetSplit, 'training' | 'history'> & Partial<Pick<DataSetSplit, 'validation'>>

/** The versions of the filter: when a new one is trained, on what, and whether it goes live. Knows no truth but the register's. */
export class Generations {
  readonly #register: Register
  readonly #seed: number
  readonly #secret: string
  readonly #pool = new ExamplePool(SPAM_TASK.name)
  readonly #served: ServedWindow
  #history: SetHistory = NO_HISTORY
  #outcomesRead = 0
  #champion: Version | undefined
  /** The version before the champion, as long as it may come back. */
  #replaced: Version | undefined
  #deployedTime = 0
  #rollbackLooks = 0
  readonly deployed: Version[] = []
  readonly turns: Turn[] = []

  constructor({ register, seed, secret }: GenerationsOptions) {
    this.#register = register
    this.#served = new ServedWindow(register)
    this.#seed = seed
    this.#secret = secret
  }

  get champion(): Version {
    if (this.#champion === undefined) throw new Error('No version was trained yet. Call begin first.')
    return this.#champion
  }

  /** Examples that no data set holds yet. */
  get newExamples(): number {
    return this.#pool.examples().filter(({ prediction }) => !this.#history.predictions.has(prediction)).length
  }

  /** Trains and deploys the first version on all that the cold start brought: there is no champion to validate it against. */
  async begin(time: number): Promise<void> {
    await this.#read()
    const training = this.#pool.examples()
    const version = await this.#train({ training, history: extendHistory(NO_HISTORY, training, groupsOf) }, time)
    await this.#deploy(version, time, 'first version, trained on the cold start')
  }

  /** Reads what is new, and retrains, promotes or rolls back where that is called for. Returns what the triggers said. */
  async turn(time: number, situation: Omit<Situation, 'newExamples'>): Promise<readonly TriggerReading[]> {
    await this.#read()
    if (await this.#rolledBack(time)) return []
    const readings = evaluateTriggers(TRIGGERS, { ...situation, newExamples: this.newExamples })
    const fired = readings.find(({ state }) => state === 'fired')
    if (fired === undefined) return readings
    const split = this.#split()
    if (split.verdict === 'blind') {
      this.#wait({ time, kind: 'blind', version: this.champion.version, trigger: fired.trigger, reason: split.reason })
      return readings
    }
    await this.#register.appendLineage([retrainingLine(MODEL, fired, time)])
    const trained = extendHistory(this.#history, split.training, groupsOf).groups
    const candidate = await this.#train(split, time)
    await this.#decide(candidate, await this.#window(split, candidate, trained), fired, time)
    return readings
  }

  /** Scores of the champion on the latest predictions: what it takes for normal. */
  referenceScores(count: number): Promise<readonly number[]> {
    return Promise.all(
      this.#served.latest(count).map(async ({ id }) => {
        const prediction = await this.#register.prediction(id)
        return this.champion.filter.scoreFeatures(mailFeaturesOf(prediction?.features ?? {})).spam
      }),
    )
  }

  async #read(): Promise<void> {
    await this.#served.read()
    this.#outcomesRead = (await collectExamples(this.#register, this.#pool, { after: this.#outcomesRead })).position
  }

  #split(): DataSetSplit {
    return splitDataSets(this.#pool.examples(), {
      ...SPLIT,
      task: SPAM_TASK,
      groupOf: groupsOf,
      history: this.#history,
    })
  }

  /** Says once that there is too little evidence, not at every look. */
  #wait(turn: Turn): void {
    if (this.turns.at(-1)?.kind !== 'blind') this.turns.push(turn)
  }

  /** Trains on one side of a split and writes down both sides and the version. */
  async #train({ training, validation, history }: Sets, time: number): Promise<Version> {
    this.#history = history
    const trainedOn = await this.#written('training', training, time)
    const validatedOn = validation === undefined ? undefined : await this.#written('validation', validation, time)
    const known = await this.#register.versions()
    const trained = trainVersion(training, this.#seed, (contents) => nextVersion(MODEL, known, contents))
    const made = { kind: 'version-trained', model: MODEL, version: trained.version, trainedOn } as const
    await this.#register.appendLineage([lineageLine(validatedOn === undefined ? made : { ...made, validatedOn }, time)])
    return { ...trained, trainedOn, examples: training.length }
  }

  /** Writes a data set into the lineage. @returns its name */
  async #written(role: 'training' | 'validation', examples: readonly TrainingExample[], time: number): Promise<string> {
    const saltOf = derivedSalts(this.#secret)
    const { manifest } = manifestOf({ role, task: SPAM_TASK.name, examples, saltOf })
    await this.#register.appendLineage([dataSetLine(manifest, time)])
    return manifest.dataSet
  }

  async #decide(
    candidate: Version,
    window: readonly ComparedPrediction[],
    fired: TriggerReading,
    time: number,
  ): Promise<void> {
    const decision = promotionGate({
      ...GATE,
      candidate: candidate.version,
      champion: this.champion.version,
      window,
    })
    await this.#register.appendLineage([gateLine(MODEL, decision, time)])
    if (decision.verdict === 'promote') await this.#deploy(candidate, time, decision.reason, fired.trigger)
    else
      this.turns.push({
        time,
        kind: decision.verdict === 'blind' ? 'blind' : 'kept',
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
    this.#rollbackLooks = 0
    this.deployed.push(version)
    this.turns.push({
      time,
      kind: 'deployed',
      version: version.version,
      reason,
      ...(trigger === undefined ? {} : { trigger }),
    })
  }

  /** All that was served while the validation set came in: the fresh part of it, whose truth is known or not. */
  #window(split: DataSetSplit, { filter }: Version, trained: ReadonlySet<string>): Promise<ComparedPrediction[]> {
    const last = split.validation.at(-1)?.time ?? 0
    return this.#served.compared({
      candidate: filter,
      champion: this.champion.filter,
      predictions: this.#served.between(split.cut ?? last, last),
      truths: truthsOf(split.validation),
      trained,
    })
  }

  /** Goes back to the version before where the champion, on what it served, proves worse. */
  async #rolledBack(time: number): Promise<boolean> {
    const [current, replaced] = [this.#champion, this.#replaced]
    if (current === undefined || replaced === undefined || this.#rollbackLooks >= ROLLBACK.looks) return false
    const predictions = this.#served
      .between(this.#deployedTime, time)
      .filter(({ version }) => version === current.version)
    if (predictions.length < (this.#rollbackLooks + 1) * ROLLBACK.everyMails) return false
    this.#rollbackLooks += 1
    const window = await this.#served.compared({
      candidate: current.filter,
      champion: replaced.filter,
      predictions,
      truths: truthsOf(this.#pool.examples()),
    })
    const decision = rollbackDecision({
      ...GATE,
      margin: 0,
      version: current.version,
      replaced: replaced.version,
      looks: ROLLBACK.looks,
      evidence: { window },
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

function truthsOf(examples: readonly TrainingExample[]): ReadonlyMap<TrackingId, string> {
  return new Map(examples.map(({ prediction, label }) => [prediction, String(label)]))
}
