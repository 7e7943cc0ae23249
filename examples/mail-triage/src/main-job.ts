import type { Feedback } from '@groundtrace/core'
import { countScores, loopMetrics, scoreDrift, type ScoreDrift } from '@groundtrace/prometheus'
import { Registry } from 'prom-client'
import { createPassAll, passAndLabel } from './cold-start.ts'
import { loadCorpus, type CorpusMail } from './corpus.ts'
import { FeedbackDesk } from './feedback-desk.ts'
import { Generations } from './generations.ts'
import type { JobRecord, LiveMail, Sample } from './job-record.ts'
import type { MailService } from './mail-service.ts'
import { parseMail } from './mail-text.ts'
import { MailTriageError } from './mail-triage-error.ts'
import { Monitor } from './monitor.ts'
import {
  CHECK_EVERY_MAILS,
  COLD_START,
  DRIFT_REFERENCE_MAILS,
  DRIFT_WINDOW_MAILS,
  MODEL,
  SPAM_TASK,
} from './settings.ts'
import type { IncomingMail } from './triage-service.ts'
import { auditorAnswers, recipientsAnswer } from './world.ts'

const DAY = 24 * 3600 * 1000

export interface JobOptions {
  /** Fresh, and tracked from outside. */
  readonly service: MailService
  /** Told after every look at the loop. */
  readonly onSample?: (sample: Sample, job: { readonly mails: number }) => void
}

function notTracked(): MailTriageError {
  return new MailTriageError(
    'not-tracked',
    'A mail was scored without a tracking ID, so that no answer could be joined to it',
    'Start the main job by npm start, which tracks onnxruntime-node from outside',
  )
}

async function incoming({ id, thread, raw }: CorpusMail): Promise<IncomingMail> {
  return { id, thread, text: await parseMail(raw) }
}

/**
 * The main job: 1,000 mails to learn from, then mail by mail through the loop, in the order in which they arrived.
 *
 * What the service does not serve is scored in TypeScript and not tracked: the first version beside every live one, and
 * two versions beside each other before a promotion or a rollback. Nobody acts on such a score, and a tracked one would
 * count as traffic.
 */
export async function runMainJob({ service, onSample }: JobOptions): Promise<JobRecord> {
  const { seed, secret, clock, register, pipeline, now } = service
  const corpus = loadCorpus()
  const registry = new Registry()
  const metrics = loopMetrics({ register, registry, linesPerScrape: 0 })
  const generations = new Generations({ register, seed, secret })
  const monitor = new Monitor(register)
  const desk = new FeedbackDesk(register)

  await coldStart(corpus.mails.slice(0, COLD_START.mails))
  const frozen = generations.champion.filter
  await service.serve(generations.champion)
  const mails: LiveMail[] = []
  const samples: Sample[] = []
  let drift = await watchScores()
  metrics.watch(drift)
  for (const mail of corpus.mails.slice(COLD_START.mails)) {
    clock.time = mail.receivedTime
    await live(mail)
    if (mails.length % CHECK_EVERY_MAILS === 0) await check()
  }
  await afterTheLastMail()
  const record: JobRecord = {
    corpus: { name: corpus.name, licence: corpus.licence, source: corpus.source, records: corpus.mails.length },
    seed,
    mails,
    samples,
    turns: generations.turns,
    deployed: generations.deployed,
    monitor,
    feedback: desk.tally,
    register,
    registry,
    loss: pipeline.loss(),
  }
  return record

  async function coldStart(first: readonly CorpusMail[]): Promise<void> {
    const pass = createPassAll({ pipeline, now })
    const labels: Feedback[] = []
    for (const mail of first) {
      clock.time = mail.receivedTime
      const truth = mail.isSpam ? 'spam' : 'ham'
      labels.push(await passAndLabel(pass, await incoming(mail), { truth, time: clock.time, seed }))
    }
    await pipeline.forceFlush()
    await register.appendFeedback(labels)
    await generations.begin(clock.time)
  }

  async function live(mail: CorpusMail): Promise<void> {
    const { label, spam, features, trackingId, policy } = await service.triage.triage(await incoming(mail))
    if (trackingId === undefined) throw notTracked()
    const truth = mail.isSpam ? 'spam' : 'ham'
    const seen = { mailId: mail.id, truth, predicted: label, prediction: trackingId, time: clock.time } as const
    if (label === 'ham' || policy.explored === true) desk.expect(recipientsAnswer(seen, seed))
    if (policy.explored === true) desk.expect([auditorAnswers(seen, seed)])
    drift.observe(spam)
    mails.push({
      ...seen,
      trackingId,
      policy,
      frozen: frozen.scoreFeatures(features).label,
      version: generations.champion.version,
    })
  }

  /** The champion's scores on the latest mails are what is normal for it. */
  async function watchScores(): Promise<ScoreDrift> {
    const { version } = generations.champion
    const reference = countScores(await generations.referenceScores(DRIFT_REFERENCE_MAILS))
    return scoreDrift({ task: SPAM_TASK.name, model: MODEL, version, reference, window: DRIFT_WINDOW_MAILS })
  }

  /** One look at the loop: what came in, what has matured, what follows. */
  async function check(): Promise<void> {
    await pipeline.forceFlush()
    await desk.deliver(clock.time)
    await register.closeHorizons({ now: clock.time })
    await monitor.read()
    const { version } = generations.champion
    const verdict = drift.evaluate()
    const { precision, recall } = monitor.estimated(version)
    const readings = await generations.turn(clock.time, {
      drift: [
        {
          name: 'scores',
          units: verdict.units,
          ...(verdict.state === 'blind' ? {} : { psi: verdict.psi, threshold: verdict.threshold }),
        },
      ],
      quality: [
        { name: 'precision', interval: precision.interval, units: precision.effectiveSampleSize },
        { name: 'recall', interval: recall.interval, units: recall.effectiveSampleSize },
      ],
    })
    if (generations.champion.version !== version) {
      await service.serve(generations.champion)
      metrics.unwatch(drift)
      drift = await watchScores()
      metrics.watch(drift)
    }
    const sample: Sample = {
      time: clock.time,
      mails: mails.length,
      version,
      drift: verdict,
      readings,
      naive: monitor.naive(),
      estimated: monitor.estimated(),
    }
    samples.push(sample)
    onSample?.(sample, { mails: corpus.mails.length - COLD_START.mails })
  }

  /** Answers go on coming in, and horizons go on passing, when there is no more mail. */
  async function afterTheLastMail(): Promise<void> {
    await pipeline.forceFlush()
    const end = clock.time + (SPAM_TASK.horizonSeconds * 1000 + DAY)
    for (; clock.time < end || desk.waiting > 0; clock.time += DAY) {
      await desk.deliver(clock.time)
      await register.closeHorizons({ now: clock.time })
    }
    await monitor.read()
    await metrics.update()
  }
}
