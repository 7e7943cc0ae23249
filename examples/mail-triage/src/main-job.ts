import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Feedback, Register } from '@groundtrace/core'
import { createExploration } from '@groundtrace/exploration'
import { createPipeline } from '@groundtrace/instrumentation'
import { countScores, loopMetrics, scoreDrift, type ScoreDrift } from '@groundtrace/prometheus'
import { openSqliteRegister, registerProcessor } from '@groundtrace/register'
import { Registry } from 'prom-client'
import { createPassAll, passAndLabel } from './cold-start.ts'
import { loadCorpus, type CorpusMail } from './corpus.ts'
import { FeedbackDesk } from './feedback-desk.ts'
import { Generations } from './generations.ts'
import type { JobRecord, LiveMail, Sample } from './job-record.ts'
import { parseMail } from './mail-text.ts'
import { Monitor } from './monitor.ts'
import {
  CHECK_EVERY_MAILS,
  COLD_START,
  DRIFT_REFERENCE_MAILS,
  DRIFT_WINDOW_MAILS,
  EXPLORATION,
  MODEL,
  SPAM_TASK,
} from './settings.ts'
import { startTracing } from './tracing.ts'
import { createTriage, type IncomingMail } from './triage-service.ts'
import { auditorAnswers, recipientsAnswer } from './world.ts'

const DAY = 24 * 3600 * 1000

export interface JobOptions {
  readonly seed: number
  /** Folder for the register and what is written beside it; emptied first. */
  readonly folder: string
  /** Told after every look at the loop. */
  readonly onSample?: (sample: Sample, job: { readonly mails: number }) => void
}

async function incoming({ id, thread, raw }: CorpusMail): Promise<IncomingMail> {
  return { id, thread, text: await parseMail(raw) }
}

/** Opens an empty register in the folder. */
function freshRegister(folder: string, now: () => number): Register {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return openSqliteRegister({ path: join(folder, 'register.db'), tasks: [SPAM_TASK], now })
}

/** The main job: 1,000 mails to learn from, then mail by mail through the loop, in the order in which they arrived. */
export async function runMainJob({ seed, folder, onSample }: JobOptions): Promise<JobRecord> {
  const corpus = loadCorpus()
  const clock = { time: corpus.mails[0]?.receivedTime ?? 0 }
  const now = (): number => clock.time
  const secret = `mail-triage example, seed ${seed}`
  const register = freshRegister(folder, now)
  const tracer = startTracing(seed)
  const processor = registerProcessor(register, { tasks: [SPAM_TASK] })
  const pipeline = createPipeline({ processors: [processor], now })
  const registry = new Registry()
  const metrics = loopMetrics({ register, registry, linesPerScrape: 0 })
  const generations = new Generations({ register, seed, secret })
  const monitor = new Monitor(register)
  const desk = new FeedbackDesk(register)

  await coldStart(corpus.mails.slice(0, COLD_START.mails))
  const frozen = generations.champion
  const mails: LiveMail[] = []
  const samples: Sample[] = []
  let drift = await watchScores()
  metrics.watch(drift)
  const triage = createTriage({
    champion: () => generations.champion,
    exploration: createExploration({ secret, ...EXPLORATION }),
    pipeline,
    tracer,
    now,
  })
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
    const pass = createPassAll({ pipeline, tracer, now })
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
    const { label, spam, features, trackingId, policy } = await triage(await incoming(mail))
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
