import { defineTask, exampleFrom, formatTrackingId, type Prediction, type TrackingId } from '@groundtrace/core'
import {
  answerBook,
  createSelection,
  createTruth,
  openOutbox,
  type AnswerReader,
  type SelectionPlan,
} from '@groundtrace/label-studio'
import { openSqliteRegister } from '@groundtrace/register'
import { seededRandom } from '@groundtrace/statistics'
import { expect, test } from 'vitest'
import { loadCorpus } from '../../examples/mail-triage/src/corpus.ts'
import { extractFeatures, type MailFeatures } from '../../examples/mail-triage/src/features.ts'
import { parseMail } from '../../examples/mail-triage/src/mail-text.ts'
import { maskMail } from '../../examples/mail-triage/src/masking.ts'
import { createSpamFilter, type SpamFilter } from '../../examples/mail-triage/src/spam-filter.ts'
import {
  trainSpamFilter,
  type MailLabel,
  type SpamExample,
} from '../../examples/mail-triage/src/spam-filter-training.ts'

const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })

/** Mails that quality is measured on, that the first version learns from, that arrive in a generation, and that are annotated of these. */
const [HELD_OUT, FIRST, ARRIVING, ANNOTATED] = [500, 40, 300, 40]
const GENERATIONS = 6
const REPETITIONS = 6
/** How often each of three annotators is right. */
const SKILL = 0.95

interface Mail {
  readonly features: MailFeatures
  readonly label: MailLabel
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** Real mails in an order of chance: of them some are held out, and the rest arrives. */
async function readMails(count: number): Promise<readonly Mail[]> {
  const chosen = shuffled(loadCorpus().mails, seededRandom('mails')).slice(0, count)
  return await Promise.all(
    chosen.map(async ({ raw, isSpam }) => ({
      features: extractFeatures(maskMail(await parseMail(raw))),
      label: isSpam ? 'spam' : 'ham',
    })),
  )
}

const other = (label: MailLabel): MailLabel => (label === 'ham' ? 'spam' : 'ham')
const readAnswer: AnswerReader = ({ result: [label] }) => ({ label: String(label), unclear: false })
const idOf = (number: number): TrackingId =>
  formatTrackingId({ traceId: (number + 1).toString(16).padStart(32, '0'), spanId: 'a'.repeat(16) })

/** Mean of both classes' shares of mails that are told rightly. */
function balancedAccuracy(filter: SpamFilter, mails: readonly Mail[]): number {
  const shares = [...Map.groupBy(mails, ({ label }) => label).values()].map(
    (own) => own.filter(({ features, label }) => filter.scoreFeatures(features).label === label).length / own.length,
  )
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

/**
 * Generations of a filter: it predicts what arrives, a selection picks of that, annotators answer, what is settled becomes
 * an example by way of the register, and the next version learns from all of them.
 * @returns quality of the last version, and the examples that it learned from
 */
async function learn(mails: readonly Mail[], heldOut: readonly Mail[], mix: SelectionPlan['mix'], seed: string) {
  const register = openSqliteRegister({ path: ':memory:', tasks: [SPAM], thread: 'caller' })
  const outbox = openOutbox({ path: ':memory:' })
  const selection = createSelection({
    register,
    outbox,
    secret: `what decides who is drawn ${seed}`,
    plan: { task: 'spam', mix, crowd: { project: 'crowd', perRound: ANNOTATED }, everySeconds: 0 },
  })
  const policy = { classes: ['ham', 'spam'], crowd: { project: 'crowd', agreeing: 2, maximum: 3 } }
  const truth = createTruth({ outbox, policy, readAnswer })
  const examples: SpamExample[] = mails.slice(0, FIRST).map(({ features, label }) => ({ features, label }))
  const predictions = new Map<TrackingId, { readonly mail: Mail; readonly prediction: Prediction }>()
  const learned = new Set<TrackingId>()
  let annotation = 0
  let filter = createSpamFilter(trainSpamFilter({ examples }))

  /** Two answer; where they differ, a third. */
  function annotate(unit: number, { label }: Mail): void {
    const answers = [1, 2, 3].map((annotator) =>
      seededRandom(`${seed} ${annotator} ${unit}`)() < SKILL ? label : other(label),
    )
    for (const [index, said] of (answers[0] === answers[1] ? answers.slice(0, 2) : answers).entries()) {
      const stamp = new Date().toISOString().replace('Z', '000Z')
      const content = { annotator: index + 1, skipped: false, result: [said] }
      annotation += 1
      outbox.write(() => outbox.answers.take(unit, { annotation, created: stamp, updated: stamp, content }))
    }
  }

  for (let generation = 0; generation < GENERATIONS; generation += 1) {
    const from = FIRST + generation * ARRIVING
    const arrived = mails.slice(from, from + ARRIVING).map((mail, index) => {
      const { spam, label } = filter.scoreFeatures(mail.features)
      const prediction: Prediction = {
        id: idOf(from + index),
        task: SPAM,
        model: { name: 'filter', version: filter.version },
        time: Date.now(),
        value: label,
        scores: { ham: 1 - spam, spam },
        // The mail itself is not what is tested: its number stands for it.
        features: { mail: from + index },
      }
      predictions.set(prediction.id, { mail, prediction })
      return prediction
    })
    await register.appendPredictions(arrived)
    await selection.round()
    for (const { id, prediction } of outbox.units.after(generation * ANNOTATED, ANNOTATED)) {
      const known = predictions.get(prediction)
      if (known !== undefined) annotate(id, known.mail)
    }
    await truth.settle(answerBook(outbox))
    await outbox.feedback.flush(register)
    for (const { mail, prediction } of predictions.values()) {
      const outcome = learned.has(prediction.id) ? undefined : (await register.outcomesOf(prediction.id)).at(-1)
      const example = outcome === undefined ? 'not-settled' : exampleFrom(prediction, outcome)
      if (typeof example === 'string') continue
      learned.add(prediction.id)
      examples.push({ features: mail.features, label: example.label as MailLabel })
    }
    filter = createSpamFilter(trainSpamFilter({ examples }))
  }
  outbox.close()
  await register.close()
  return { quality: balancedAccuracy(filter, heldOut), examples: examples.length }
}

test('of real mails, those that are selected, annotated and learned from make a better filter than as many at random', async () => {
  const mails = await readMails(HELD_OUT + FIRST + GENERATIONS * ARRIVING)
  const heldOut = mails.slice(0, HELD_OUT)
  const gains: number[] = []
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    const seed = `repetition ${repetition}`
    const arriving = shuffled(mails.slice(HELD_OUT), seededRandom(seed))
    const selected = await learn(arriving, heldOut, { random: 1, uncertainty: 3 }, seed)
    const random = await learn(arriving, heldOut, { random: 1 }, seed)
    // Who is unsure is not bought by more answers: both learned from nearly all that was annotated.
    for (const { examples } of [selected, random]) {
      expect(examples).toBeGreaterThan(0.95 * (FIRST + GENERATIONS * ANNOTATED))
      expect(examples).toBeLessThanOrEqual(FIRST + GENERATIONS * ANNOTATED)
    }
    gains.push(selected.quality - random.quality)
  }
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / REPETITIONS
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (REPETITIONS - 1)
  // More than chance between orders of arrival explains: Student's bound of 95 %, one-sided, 5 degrees of freedom.
  expect(mean / Math.sqrt(variance / REPETITIONS)).toBeGreaterThan(2.015)
})
