import { formatTrackingId, type Feedback, type Receipt, type TrackingId } from '@groundtrace/core'
import { answerBook } from '../../src/bridge/answer-book.ts'
import { openOutbox, type Outbox } from '../../src/bridge/outbox.ts'
import type { AnswerContent } from '../../src/bridge/reading.ts'
import { createTruth, type Truth, type TruthOptions, type TruthRound } from '../../src/truth/settle.ts'
import type { TruthPolicy } from '../../src/truth/truth-policy.ts'
import type { AnswerReader } from '../../src/truth/votes.ts'

export const predictionOf = (number: number): TrackingId =>
  formatTrackingId({ traceId: (number + 1).toString(16).padStart(32, '0'), spanId: '1'.padStart(16, '0') })

/** What an annotator says in a test: a label, nothing, or that it is unclear. */
export interface Said {
  readonly label?: string
  readonly unclear?: boolean
  readonly skipped?: boolean
  readonly editedBy?: number
  readonly seconds?: number
  readonly guidelineVersion?: string
  readonly shares?: Readonly<Record<string, number>>
  readonly faults?: readonly string[]
}

/** Reads what a test wrote: the result is a list of one `Said`. */
export const readAnswer: AnswerReader = ({ result }) => {
  const [said] = result as readonly Said[]
  return {
    ...(said?.label !== undefined && { label: said.label }),
    ...(said?.guidelineVersion !== undefined && { guidelineVersion: said.guidelineVersion }),
    ...(said?.shares !== undefined && { shares: said.shares }),
    ...(said?.faults !== undefined && { faults: said.faults }),
    unclear: said?.unclear === true,
  }
}

const contentOf = (annotator: number, said: Said): AnswerContent => ({
  annotator,
  ...(said.editedBy !== undefined && { editedBy: said.editedBy }),
  ...(said.seconds !== undefined && { leadTimeSeconds: said.seconds }),
  skipped: said.skipped === true,
  result: [said],
})

/** Thrown where a process dies. */
class Death extends Error {}

/**
 * An outbox, a register that takes each line once, and processes that settle truth between them one after the other, and
 * die. What is written stays; what a process had in memory is gone with it.
 */
export class TruthWorld {
  readonly outbox: Outbox
  /** What the register holds, in the order in which it came. */
  readonly lines = new Map<string, Feedback>()
  now = Date.UTC(2026, 0, 31)
  readonly #policy: TruthPolicy
  readonly #more: Partial<TruthOptions>
  #truth: Truth | undefined
  #annotation = 0
  /** Writes left before the process dies, before or after the last of them; Infinity: it lives. */
  dieAfter = Infinity
  dieBefore = Infinity

  constructor(policy: TruthPolicy, more: Partial<TruthOptions> = {}) {
    this.outbox = openOutbox({ path: ':memory:', now: () => this.now })
    this.#policy = policy
    this.#more = more
  }

  plan(project: string, ...numbers: readonly number[]): void {
    this.outbox.units.plan(numbers.map((number) => ({ prediction: predictionOf(number), project, reason: 'random' })))
  }

  unit(project: string, number: number) {
    const unit = this.outbox.units.ofPrediction(predictionOf(number)).find((one) => one.project === project)
    if (unit === undefined) throw new Error(`${number} is not in ${project}`)
    return unit
  }

  #stamp(): string {
    this.now += 1000
    return new Date(this.now).toISOString().replace('Z', '000Z')
  }

  /** An annotator answers, or changes their answer. */
  answer(project: string, number: number, annotator: number, said: Said): void {
    const unit = this.unit(project, number)
    const known = this.outbox.answers
      .of(unit.id)
      .find(({ kind, content }) => kind !== 'deleted' && content.annotator === annotator)
    const stamp = this.#stamp()
    const { annotation, created } = known ?? { annotation: ++this.#annotation, created: stamp }
    const content = contentOf(annotator, said)
    this.outbox.write(() => this.outbox.answers.take(unit.id, { annotation, created, updated: stamp, content }))
  }

  delete(project: string, number: number, annotator: number): void {
    const answers = this.outbox.answers.of(this.unit(project, number).id)
    const known = answers.find(({ kind, content }) => kind !== 'deleted' && content.annotator === annotator)
    if (known !== undefined) this.outbox.write(() => this.outbox.answers.end(known, 'deleted'))
  }

  /** One round of the process of now, and what it made is appended to the register. */
  async settle(): Promise<TruthRound> {
    const outbox = { ...this.outbox, write: <T>(work: () => T) => this.#write(work) }
    this.#truth ??= createTruth({ outbox, policy: this.#policy, readAnswer, ...this.#more })
    const round = await this.#truth.settle(answerBook(outbox))
    await this.flush()
    return round
  }

  /** Rounds until one lives: the one that dies leaves what it wrote, and nothing else. */
  async settleDying(dieBefore: number, dieAfter: number): Promise<void> {
    Object.assign(this, { dieBefore, dieAfter })
    for (;;) {
      try {
        await this.settle()
        Object.assign(this, { dieBefore: Infinity, dieAfter: Infinity })
        return
      } catch (error) {
        if (!(error instanceof Death)) throw error
        Object.assign(this, { dieBefore: Infinity, dieAfter: Infinity })
        this.restart()
      }
    }
  }

  restart(): void {
    this.#truth = undefined
  }

  async flush(): Promise<void> {
    await this.outbox.feedback.flush({ appendFeedback: async (lines) => lines.map((line) => this.#append(line)) })
  }

  #write<T>(work: () => T): T {
    if (this.dieBefore-- <= 0) throw new Death('before it was stored')
    const result = this.outbox.write(work)
    if (this.dieAfter-- <= 0) throw new Death('after it was stored')
    return result
  }

  #append(line: Feedback): Receipt {
    const known = this.lines.get(line.id)
    if (known === undefined) this.lines.set(line.id, line)
    const isSame = known !== undefined && JSON.stringify(known) === JSON.stringify(line)
    return { id: line.id, status: known === undefined ? 'stored' : isSame ? 'duplicate' : 'conflict' }
  }

  /** Lines on one prediction. */
  linesOn(number: number): readonly Feedback[] {
    return [...this.lines.values()].filter(
      ({ target }) => 'prediction' in target && target.prediction === predictionOf(number),
    )
  }
}
