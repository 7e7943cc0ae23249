import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { loadCorpus } from '../../examples/mail-triage/src/corpus.ts'
import { extractFeatures } from '../../examples/mail-triage/src/features.ts'
import { parseMail } from '../../examples/mail-triage/src/mail-text.ts'
import { openMailService } from '../../examples/mail-triage/src/mail-service.ts'
import { maskMail } from '../../examples/mail-triage/src/masking.ts'
import type { SpamFilterModel } from '../../examples/mail-triage/src/spam-filter-model.ts'
import { trainSpamFilter } from '../../examples/mail-triage/src/spam-filter-training.ts'
import type { IncomingMail } from '../../examples/mail-triage/src/triage-service.ts'
import { openTrackedMailService } from '../services/tracked-mail-service.ts'
import { benchAppend } from './append.ts'
import { atLeast, median, type Benchmark } from './report.ts'

const SIZES = { quick: { mails: 1500, rounds: 7 }, full: { mails: 5000, rounds: 15 } }

interface Material {
  readonly mails: readonly IncomingMail[]
  readonly model: SpamFilterModel
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
  return { mails, model: trainSpamFilter({ examples }) }
}

/**
 * One round of the very same service, from text to score, on the same host's tracing. What is tracked is in a register on
 * disk before the clock stops.
 * @param open opens it, tracked from outside or not
 * @returns milliseconds
 */
async function roundOf({ mails, model }: Material, seed: number, open: typeof openMailService): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-bench-'))
  const service = open({ seed, folder })
  await service.serve({ model, version: '1' })
  const started = performance.now()
  for (const mail of mails) {
    await service.triage.triage(mail)
    // Mails come one by one, over a network: the service's thread has its turns between them.
    await setImmediate()
  }
  await service.pipeline.forceFlush()
  const milliseconds = performance.now() - started
  const { predictions, loss } = await service.register.totals()
  await service.close()
  rmSync(folder, { recursive: true, force: true })
  const expected = open === openMailService ? 0 : mails.length
  if (predictions !== expected)
    throw new Error(`Of ${expected} mails ${predictions} were registered; lost: ${JSON.stringify(loss)}`)
  return milliseconds
}

/** The main job's service with and without tracking, and the register's appends beside bare inserts. */
export const loop: Benchmark = async ({ full, say }) => {
  const { mails: count, rounds } = full ? SIZES.full : SIZES.quick
  say(`Reading ${count} mails…`)
  const prepared = await material(count)
  const times = { plain: [] as number[], tracked: [] as number[] }
  for (let round = 0; round < rounds + 1; round += 1) {
    const plain = await roundOf(prepared, round, openMailService)
    const tracked = await roundOf(prepared, round, openTrackedMailService)
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
