import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createExploration } from '@groundtrace/exploration'
import { createPipeline } from '@groundtrace/instrumentation'
import { openSqliteRegister, registerProcessor } from '@groundtrace/register'
import { loadCorpus } from '../../examples/mail-triage/src/corpus.ts'
import { extractFeatures } from '../../examples/mail-triage/src/features.ts'
import { parseMail } from '../../examples/mail-triage/src/mail-text.ts'
import { maskMail } from '../../examples/mail-triage/src/masking.ts'
import { EXPLORATION, SPAM_TASK } from '../../examples/mail-triage/src/settings.ts'
import { createSpamFilter, type SpamFilter, type SpamScore } from '../../examples/mail-triage/src/spam-filter.ts'
import { trainSpamFilter } from '../../examples/mail-triage/src/spam-filter-training.ts'
import { startTracing } from '../../examples/mail-triage/src/tracing.ts'
import { createTriage, type IncomingMail } from '../../examples/mail-triage/src/triage-service.ts'
import { benchAppend } from './append.ts'
import { atLeast, median, type Benchmark } from './report.ts'

const SIZES = { quick: { mails: 1500, rounds: 7 }, full: { mails: 5000, rounds: 15 } }

interface Material {
  readonly mails: readonly IncomingMail[]
  readonly filter: SpamFilter
}

/** Mails that are read already, and a filter trained on half of them. */
async function material(count: number): Promise<Material> {
  const corpus = loadCorpus().mails.slice(0, count)
  const mails = await Promise.all(
    corpus.map(async ({ id, thread, raw }) => ({ id, thread, text: await parseMail(raw) })),
  )
  const examples = corpus
    .map(({ isSpam }, index) => ({ label: isSpam ? ('spam' as const) : ('ham' as const), mail: mails[index] }))
    .flatMap(({ label, mail }, index) =>
      mail === undefined || index % 2 === 1 ? [] : [{ label, features: extractFeatures(maskMail(mail.text)) }],
    )
  return { mails, filter: createSpamFilter(trainSpamFilter({ examples })) }
}

/** The same service without us, on the same host's tracing: from text to score. @returns milliseconds */
async function plainRound({ mails, filter }: Material, round: number): Promise<number> {
  const tracer = startTracing(round)
  const score = async (mail: IncomingMail): Promise<SpamScore> =>
    await tracer.startActiveSpan('receive mail', async (span) => {
      const scored = filter.score(mail.text)
      span.end()
      return scored
    })
  const started = performance.now()
  for (const mail of mails) {
    await score(mail)
    await setImmediate()
  }
  return performance.now() - started
}

/** The same service, tracked, with every prediction in a register on disk before the clock stops. @returns milliseconds */
async function trackedRound({ mails, filter }: Material, round: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-bench-'))
  const register = openSqliteRegister({ path: join(folder, 'register.db'), tasks: [SPAM_TASK] })
  const pipeline = createPipeline({ processors: [registerProcessor(register, { tasks: [SPAM_TASK] })] })
  const triage = createTriage({
    champion: () => filter,
    exploration: createExploration({ secret: 'a secret for the benchmark only', ...EXPLORATION }),
    pipeline,
    tracer: startTracing(round),
    now: Date.now,
  })
  const started = performance.now()
  for (const mail of mails) {
    await triage(mail)
    // Mails come one by one, over a network: the service's thread has its turns between them.
    await setImmediate()
  }
  await pipeline.forceFlush()
  const milliseconds = performance.now() - started
  const { predictions, loss } = await register.totals()
  await register.close()
  rmSync(folder, { recursive: true, force: true })
  if (predictions !== mails.length)
    throw new Error(`Of ${mails.length} mails ${predictions} were registered; lost: ${JSON.stringify(loss)}`)
  return milliseconds
}

/** The main job's service with and without tracking, and the register's appends beside bare inserts. */
export const loop: Benchmark = async ({ full, say }) => {
  const { mails: count, rounds } = full ? SIZES.full : SIZES.quick
  say(`Reading ${count} mails…`)
  const prepared = await material(count)
  const times = { plain: [] as number[], tracked: [] as number[] }
  for (let round = 0; round < rounds + 1; round += 1) {
    const plain = await plainRound(prepared, round)
    const tracked = await trackedRound(prepared, round)
    say(`round ${round}: plain ${plain.toFixed(0)} ms, tracked ${tracked.toFixed(0)} ms`)
    // The first round warms up.
    if (round > 0) {
      times.plain.push(plain)
      times.tracked.push(tracked)
    }
  }
  const perMail = (milliseconds: number): number => (milliseconds * 1e6) / prepared.mails.length
  const share = median(times.plain.map((plain, index) => plain / (times.tracked[index] ?? Number.NaN)))
  say('Appending to the register, beside bare inserts…')
  const append = await benchAppend({ predictions: full ? 200_000 : 20_000 })
  return {
    cases: {
      'service plain': { median: perMail(median(times.plain)), min: perMail(Math.min(...times.plain)), unit: 'ns/op' },
      'service tracked': {
        median: perMail(median(times.tracked)),
        min: perMail(Math.min(...times.tracked)),
        unit: 'ns/op',
        ratio: 1 / share,
        to: 'service plain',
      },
      'register append': { ...append.oursNsPerOp, unit: 'ns/op', ratio: 1 / append.ratio, to: 'bare insert' },
      'bare insert': { ...append.floorNsPerOp, unit: 'ns/op' },
    },
    goals: [
      atLeast('loop-share-of-model', 'mails per second, tracked and registered, of the service without', share, 0.8),
      atLeast('loop-append', 'register appends per second, of bare inserts of the same rows', append.ratio, 0.5),
    ],
  }
}
