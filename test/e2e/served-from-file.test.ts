import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { SCORE_EDGES } from '@groundtrace/prometheus'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LiveMail } from '../../examples/mail-triage/src/job-record.ts'
import { runMainJob } from '../../examples/mail-triage/src/main-job.ts'
import { resultOf, type JobResult } from '../../examples/mail-triage/src/result.ts'
import { EXPLORATION } from '../../examples/mail-triage/src/settings.ts'
import { CUT_OFF } from '../../examples/mail-triage/src/spam-filter.ts'
import { mailFeaturesOf } from '../../examples/mail-triage/src/versions.ts'
import { float32Bound } from '../../examples/mail-triage/test/float32-bound.ts'
import { answerInFloat64 } from '../services/float64-runtime.ts'
import { openTrackedMailService } from '../services/tracked-mail-service.ts'

/** Where a score decides: the class, how likely a mail is released, and the bin that the drift monitor counts it in. */
const EDGES = [CUT_OFF, ...EXPLORATION.release.tiers.map(({ from }) => from), ...SCORE_EDGES]

interface ServedMail extends LiveMail {
  /** Served, from the version's file. */
  readonly score: number
  /** Of the same version and words in TypeScript, in float64. */
  readonly exact: number
  /** How far the two may be apart. */
  readonly bound: number
}

interface Run {
  readonly mails: readonly ServedMail[]
  readonly figures: Omit<JobResult, 'seconds' | 'rssMb' | 'report'>
}

async function run(folder: string): Promise<Run> {
  const service = openTrackedMailService({ seed: 1, folder })
  const record = await runMainJob({ service })
  const {
    seconds: _s,
    rssMb: _r,
    report: _p,
    ...figures
  } = await resultOf(record, { seconds: 0, rssMb: 0, report: '' })
  const versions = new Map(
    record.deployed.map(({ version, filter, model }) => [version, { filter, boundOf: float32Bound(model) }]),
  )
  const mails: ServedMail[] = []
  for (const mail of record.mails) {
    const version = versions.get(mail.version)
    const prediction = await service.register.prediction(mail.trackingId)
    if (version === undefined || prediction === undefined) throw new Error(`${mail.trackingId} is not in the register`)
    const features = mailFeaturesOf(prediction.features ?? {})
    const exact = version.filter.scoreFeatures(features).spam
    mails.push({ ...mail, score: prediction.scores?.['spam'] ?? Number.NaN, exact, bound: version.boundOf(features) })
  }
  await service.close()
  return { mails, figures }
}

/** All that follows from scores for one mail. */
const decisionOf = ({ trackingId, version, predicted, policy }: LiveMail) => [trackingId, version, predicted, policy]
const decisions = ({ mails }: Run) => mails.map(decisionOf)

describe('the main job, served by ONNX Runtime from files in float32', () => {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-served-'))
  let served: Run
  let inFloat64: Run

  beforeAll(async () => {
    served = await run(join(folder, 'float32'))
    const stop = answerInFloat64()
    inFloat64 = await run(join(folder, 'float64'))
    stop()
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('gives every mail the score of TypeScript, within what float32 can lose', () => {
    expect(served.mails.length).toBe(served.figures.predictions)
    expect(served.mails.filter(({ score }) => Math.fround(score) !== score)).toEqual([])
    expect(served.mails.filter(({ score, exact, bound }) => !(Math.abs(score - exact) <= bound))).toEqual([])
  })

  test('is compared with the same files in float64', () => {
    expect(inFloat64.mails.every(({ score }) => Math.fround(score) === score)).toBe(false)
    expect(inFloat64.mails.filter(({ score, exact, bound }) => !(Math.abs(score - exact) <= bound))).toEqual([])
  })

  /*
   * As long as no score lies within its bound of an edge, both runs decide alike, and what decides alike is trained on the
   * same: the figures are the same to the last bit. From the first mail on that lies so near, the two may part.
   */
  test('has the figures of float64, unless a score lies within its bound of where it decides', () => {
    const near = served.mails.findIndex(({ exact, bound }) => EDGES.some((edge) => Math.abs(exact - edge) <= bound))
    const certain = near === -1 ? served.mails.length : near
    const parted = !isDeepStrictEqual(decisions(served), decisions(inFloat64))
    const certainOf = (run: Run) => ({
      decisions: parted ? decisions(run).slice(0, certain) : decisions(run),
      figures: parted ? undefined : run.figures,
    })
    expect(certain).toBeGreaterThan(0)
    expect(certainOf(served)).toEqual(certainOf(inFloat64))
  })
})
