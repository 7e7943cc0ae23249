import { type TrackingId } from '@groundtrace/core'
import {
  collectExamples,
  dataSetLine,
  derivedSalts,
  eraseSalts,
  ExamplePool,
  feedbackBehind,
  lineageLine,
  manifestOf,
  nextVersion,
  NO_HISTORY,
  readExamples,
  readHistory,
  rollbackDecision,
  rollbackLines,
  splitDataSets,
  verifyManifest,
  versionsPoweredBy,
  walkLineage,
  type GroupOf,
} from '@groundtrace/flywheel'
import { openSqliteRegister } from '@groundtrace/register'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { feedback, HOUR, mail, numbers, prediction, said, SPAM } from './answered-mails.ts'

const saltOf = derivedSalts('a secret for these tests')
const groupOf: GroupOf = ({ features }) => [`thread ${String(features['thread'])}`]

let register = openSqliteRegister({ path: ':memory:' })

beforeEach(async () => {
  register = openSqliteRegister({ path: ':memory:', tasks: [SPAM] })
  await register.appendPredictions(numbers(1, 40).map(mail))
  await register.appendFeedback(numbers(1, 40).map((n) => said(n)))
})
afterEach(() => register.close())

const collected = async () => {
  const pool = new ExamplePool('spam')
  await collectExamples(register, pool)
  return pool
}

/** Splits, makes both data sets and a version trained on them, and puts all of it into the lineage ledger. */
async function train(history = NO_HISTORY) {
  const split = splitDataSets((await collected()).examples(), { task: SPAM, groupOf, history })
  const sets = (['training', 'validation'] as const).map((role) =>
    manifestOf({ role, task: 'spam', examples: split[role], saltOf }),
  )
  const [training, validation] = sets as [(typeof sets)[0], (typeof sets)[0]]
  const version = nextVersion('filter', await register.versions())
  const { dataSet: trainedOn } = training.manifest
  const { dataSet: validatedOn } = validation.manifest
  const receipts = await register.appendLineage([
    dataSetLine(training.manifest, HOUR),
    dataSetLine(validation.manifest, HOUR),
    lineageLine({ kind: 'version-trained', model: 'filter', version, trainedOn, validatedOn }, HOUR),
  ])
  expect(receipts.map(({ status }) => status)).toEqual(['stored', 'stored', 'stored'])
  return { split, training, validation, version }
}

describe('collecting examples from the register', () => {
  it('makes an example of every answered prediction, page by page as at once', async () => {
    const [small, whole] = [new ExamplePool('spam'), new ExamplePool('spam')]
    const first = await collectExamples(register, small, { pageSize: 7 })
    expect(first).toMatchObject({ lines: 40, added: 40, changed: 0, withdrawn: 0 })
    await collectExamples(register, whole)
    expect(small.examples()).toEqual(whole.examples())
    expect(small.examples()[0]).toMatchObject({
      id: feedback(1),
      prediction: prediction(1),
      feedback: [feedback(1)],
      label: 'ham',
      features: { words: [1], thread: 1 },
    })
  })

  it('reads on from its position and finds what changed: withdrawn, relabelled, new', async () => {
    const pool = new ExamplePool('spam')
    const { position } = await collectExamples(register, pool)
    expect(await collectExamples(register, pool, { after: position })).toEqual({
      lines: 0,
      added: 0,
      changed: 0,
      withdrawn: 0,
      position,
    })
    await register.appendPredictions([mail(41)])
    await register.appendFeedback([
      said(1, { id: feedback(1, 2), kind: 'retraction', retracts: feedback(1), time: HOUR }),
      said(2, { id: feedback(2, 2), kind: 'annotation', by: 'expert', label: 'ham', source: 'desk', time: HOUR }),
      said(41),
    ])
    const next = await collectExamples(register, pool, { after: position })
    expect(next).toMatchObject({ added: 1, changed: 1, withdrawn: 1 })
    expect(pool.size).toBe(40)
    expect(pool.without()['not-settled']).toBe(1)
    // A process that starts anew comes to the same.
    expect((await collected()).examples()).toEqual(pool.examples())
  })

  it('makes no example of a prediction whose payload was erased', async () => {
    await register.erase([prediction(1)])
    const pool = await collected()
    expect(pool.size).toBe(39)
    expect(pool.without()['features-missing']).toBe(1)
  })

  it('refuses what is no pool, no position and no page', async () => {
    const pool = new ExamplePool('spam')
    const refused = { code: 'invalid-argument' }
    await expect(collectExamples(register, undefined as unknown as ExamplePool)).rejects.toMatchObject(refused)
    await expect(collectExamples(register, pool, { after: -1 })).rejects.toMatchObject(refused)
    await expect(collectExamples(register, pool, { pageSize: 0 })).rejects.toMatchObject(refused)
    await register.close()
    await expect(collectExamples(register, pool)).rejects.toMatchObject({ code: 'register-closed' })
  })
})

describe('lineage through the register', () => {
  it('walks every member of both sets back to feedback, prediction and trace', async () => {
    const { training, validation } = await train()
    const walks = await Promise.all(
      [training, validation].map(({ manifest }) => walkLineage(register, manifest.dataSet)),
    )
    expect(walks).toEqual([
      { dataSet: training.manifest.dataSet, checked: 30, lost: [], broken: [] },
      { dataSet: validation.manifest.dataSet, checked: 10, lost: [], broken: [] },
    ])
  })

  it('says which data set and version a feedback powers, and the way back', async () => {
    const { split, training, validation, version } = await train()
    const [oldest, newest] = [feedback(1), feedback(40)]
    expect(await versionsPoweredBy(register, oldest)).toEqual({
      dataSets: [training.manifest.dataSet],
      versions: [{ model: 'filter', version, as: 'training' }],
    })
    expect(await versionsPoweredBy(register, newest)).toEqual({
      dataSets: [validation.manifest.dataSet],
      versions: [{ model: 'filter', version, as: 'validation' }],
    })
    const behind = await feedbackBehind(register, 'filter', version)
    expect(behind).toMatchObject({ trainedOn: training.manifest.dataSet, validatedOn: validation.manifest.dataSet })
    expect(behind.feedback).toEqual(split.training.flatMap((example) => example.feedback))
  })

  it('says that a feedback powers nothing while it waits for its prediction or for a data set', async () => {
    const nothing = { dataSets: [], versions: [] }
    expect(await versionsPoweredBy(register, feedback(1))).toEqual(nothing)
    await register.appendFeedback([said(99)])
    expect(await versionsPoweredBy(register, feedback(99))).toEqual(nothing)
  })

  it('says that a feedback that came after the data set powers nothing, though its prediction does', async () => {
    await train()
    const late = feedback(1, 2)
    await register.appendFeedback([
      said(1, { id: late, kind: 'annotation', by: 'expert', label: 'spam', source: 'desk', time: HOUR }),
    ])
    expect(await versionsPoweredBy(register, late)).toEqual({ dataSets: [], versions: [] })
  })

  it('stays whole when payloads are erased', async () => {
    const { training } = await train()
    await register.erase([prediction(1), prediction(2)])
    const { checked, lost, broken } = await walkLineage(register, training.manifest.dataSet)
    expect([checked, broken]).toEqual([30, []])
    expect(lost.map((member) => [member.prediction, member.lost])).toEqual([
      [prediction(1), 'erased'],
      [prediction(2), 'erased'],
    ])
  })

  it.each<[string, { example: TrackingId; prediction: TrackingId; feedback: TrackingId[] }, string]>([
    [
      'feedback',
      { example: feedback(1, 9), prediction: prediction(1), feedback: [feedback(1, 9)] },
      'not in the register',
    ],
    ['prediction', { example: prediction(77), prediction: prediction(77), feedback: [] }, 'not in the register'],
    ['join', { example: feedback(2), prediction: prediction(1), feedback: [feedback(2)] }, 'did not join prediction'],
    ['example', { example: feedback(2), prediction: prediction(1), feedback: [feedback(1)] }, 'neither one of its'],
  ])('finds a member whose %s is made up', async (_, member, why) => {
    const event = { kind: 'data-set-made', role: 'training', task: 'spam', hash: 'a'.repeat(64) } as const
    const real = { example: feedback(3), prediction: prediction(3), feedback: [feedback(3)] }
    await register.appendLineage([lineageLine({ ...event, dataSet: 'made-up', members: [real, member] }, HOUR)])
    expect(await walkLineage(register, 'made-up')).toEqual({
      dataSet: 'made-up',
      checked: 2,
      lost: [],
      broken: [{ member, why: expect.stringContaining(why) as string }],
    })
  })

  it('finds members of another task', async () => {
    const members = [{ example: feedback(3), prediction: prediction(3), feedback: [feedback(3)] }]
    const event = {
      kind: 'data-set-made',
      dataSet: 'other',
      role: 'training',
      task: 'topic',
      hash: 'a'.repeat(64),
    } as const
    await register.appendLineage([lineageLine({ ...event, members }, HOUR)])
    expect((await walkLineage(register, 'other')).broken).toMatchObject([
      { why: expect.stringContaining('task spam') as string },
    ])
  })

  it('refuses what the register does not know', async () => {
    const refused = { code: 'invalid-argument' }
    await expect(walkLineage(register, 'ds-none')).rejects.toMatchObject(refused)
    await expect(walkLineage(register, undefined as unknown as string)).rejects.toMatchObject(refused)
    await expect(versionsPoweredBy(register, feedback(77))).rejects.toMatchObject(refused)
    await expect(versionsPoweredBy(register, undefined as unknown as TrackingId)).rejects.toMatchObject(refused)
    await expect(feedbackBehind(register, 'filter', '1')).rejects.toMatchObject(refused)
  })
})

describe('manifests against the register', () => {
  it('hold although labels changed since, because the ledger keeps every version of an outcome', async () => {
    const expert = { kind: 'annotation', by: 'expert', source: 'desk', time: HOUR } as const
    await register.appendFeedback([said(3, { ...expert, id: feedback(3, 2), label: 'spam' })])
    const { training } = await train()
    await register.appendFeedback([
      said(1, { ...expert, id: feedback(1, 2), label: 'spam' }),
      said(2, { id: feedback(2, 2), kind: 'retraction', retracts: feedback(2), time: HOUR }),
    ])
    const { examples, lost } = await readExamples(register, training.manifest)
    expect(verifyManifest(training.manifest, { examples, lost, salts: training.salts })).toEqual({
      verified: 30,
      gaps: [],
      broken: [],
    })
  })

  it('know what was erased and hold for the rest', async () => {
    const { training } = await train()
    await register.erase([prediction(3)])
    const { examples, lost } = await readExamples(register, training.manifest)
    const salts = eraseSalts(training.salts, lost)
    expect(verifyManifest(training.manifest, { examples, lost, salts })).toEqual({
      verified: 29,
      gaps: [prediction(3)],
      broken: [],
    })
  })
})

describe('generations in the register', () => {
  it('read their history back after a restart, and go on as if nothing had happened', async () => {
    const { split } = await train()
    const history = await readHistory(register, { task: 'spam', groupOf })
    expect(history).toEqual(split.history)
    await register.appendPredictions(numbers(41, 60).map(mail))
    await register.appendFeedback(numbers(41, 60).map((n) => said(n)))
    const second = await train(history)
    expect(second.version).toBe('3')
    expect(second.split.training).toHaveLength(55)
    expect(second.split.validation.map((example) => example.prediction)).toEqual(
      // A quarter of 20 new mails is 5; mail 56 is of the thread of 55, which trains: it is in neither set.
      numbers(57, 60).map((n) => prediction(n)),
    )
  })

  it('know a prediction by ID and time when its payload is erased', async () => {
    const { split } = await train()
    await register.erase([prediction(40)])
    const history = await readHistory(register, { task: 'spam', groupOf: () => [] })
    expect(history.until).toBe(split.history.until)
    expect(history.predictions).toEqual(split.history.predictions)
  })

  it('never reuse a version, and a rollback brings the older one back under its old name', async () => {
    const { version, training } = await train()
    const again = lineageLine(
      { kind: 'version-trained', model: 'filter', version, trainedOn: training.manifest.dataSet },
      2 * HOUR,
    )
    expect(await register.appendLineage([again])).toMatchObject([{ status: 'conflict' }])

    const window = numbers(1, 98).map((n) => ({
      truth: 'ham',
      candidateLabel: n > 12 ? 'ham' : 'spam',
      championLabel: 'ham',
    }))
    const decision = rollbackDecision({ version, replaced: '1', metric: 'accuracy', evidence: { window } })
    const lines = rollbackLines('filter', decision, 3 * HOUR)
    expect(await register.appendLineage(lines)).toMatchObject([{ status: 'stored' }, { status: 'stored' }])
    // Appended again after a crash, the same lines are known.
    expect(await register.appendLineage(lines)).toMatchObject([{ status: 'duplicate' }, { status: 'duplicate' }])
    expect(nextVersion('filter', await register.versions())).toBe('3')
  })
})
