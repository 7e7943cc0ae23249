import { keyedHash } from '@groundtrace/core'
import { createPipeline, tracePrediction, type FeaturePolicy } from '@groundtrace/instrumentation'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import { afterEach, describe, expect, test } from 'vitest'
import { SECRET } from './keeping-all.ts'
import { record } from './recording.ts'
import { FILTERED, SPAM } from './spam-filter.ts'

afterEach(() => diag.disable())

const ignored = (): void => undefined

/** What a host's logger was warned of. */
function warnings(): readonly string[] {
  const said: string[] = []
  const logger = { error: ignored, info: ignored, debug: ignored, verbose: ignored }
  diag.setLogger(
    { ...logger, warn: (message) => void said.push(message) },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  )
  return said
}

describe('a policy that cannot be followed is refused when the function is wrapped', () => {
  test.each<[string, unknown, RegExp]>([
    ['no record', ['a'], /features: an array is no policy/],
    ['a word that is none', { a: 'mask' }, /features\."a": "mask" is no policy of a feature/],
    ['no edges', { a: { bucket: [] } }, /features\."a"/],
    ['edges that descend', { a: { bucket: [2, 1] } }, /features\."a"/],
    ['nothing', { a: undefined }, /features\."a"/],
    ['no name', { '': 'keep' }, /"" is no name of a feature/],
    ['the name __proto__', JSON.parse('{"__proto__": "keep"}'), /"__proto__" is no name of a feature/],
  ])('%s', (_, features, message) => {
    const wrap = () => tracePrediction(() => 'ham', { ...FILTERED, features: features as FeaturePolicy })
    expect(wrap).toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }))
  })

  test.each<FeaturePolicy>([{ a: 'hash' }, { '*': 'hash' }])('%j without a secret', (features) => {
    const wrap = () => tracePrediction(() => 'ham', { ...FILTERED, features, pipeline: record(SPAM).pipeline })
    expect(wrap).toThrow(/tracePrediction: features: a feature is to be hashed, .* Pass secret to createPipeline/)
  })

  test('but not where no event goes anywhere', () => {
    expect(() => tracePrediction(() => 'ham', { ...FILTERED, features: { a: 'hash' } })).not.toThrow()
  })
})

test.each([
  ['short', 'short'],
  ['no text', 5],
])('a pipeline refuses a secret that is %s', (_, secret) => {
  expect(() => createPipeline({ processors: [], secret: secret as string })).toThrow(/The secret /)
})

test('a pipeline shows its secret to nobody', () => {
  const pipeline = createPipeline({ processors: [], secret: SECRET })
  expect(`${JSON.stringify(pipeline)}${Object.values(pipeline).map(String).join()}`).not.toContain(SECRET)
})

describe('an emitted record', () => {
  const PERSONAL = 'x7Qv-personal'

  test('holds nothing of what is dropped, hashed or unnamed, and of a user only the pseudonym', async () => {
    const { pipeline, records } = record(SPAM, { secret: SECRET })
    await tracePrediction(() => 'ham', {
      ...FILTERED,
      pipeline,
      features: { dropped: 'drop', hashed: 'hash', age: { bucket: [18] }, kept: 'keep' },
      describe: () => ({
        value: 'ham',
        features: { dropped: PERSONAL, hashed: PERSONAL, unnamed: PERSONAL, [PERSONAL]: 1, age: 17.25, kept: 1 },
        user: PERSONAL,
      }),
    })()
    const [emitted] = records
    expect(JSON.stringify(emitted)).not.toContain(PERSONAL)
    expect(JSON.stringify(emitted)).not.toContain('17.25')
    expect(emitted?.attributes).toMatchObject({
      'groundtrace.prediction.features': {
        hashed: keyedHash(SECRET).feature('hashed', PERSONAL),
        age: '(-inf,18)',
        kept: 1,
      },
      'enduser.pseudo.id': keyedHash(SECRET).user(PERSONAL),
    })
    expect(pipeline.droppedFields()).toEqual({ 'features.unnamed': 2 })
    expect(pipeline.loss()).toEqual({})
  })

  test('holds no user without a secret, and that is counted', async () => {
    const { pipeline, records } = record(SPAM)
    await tracePrediction(() => 'ham', {
      ...FILTERED,
      pipeline,
      describe: () => ({ value: 'ham', user: PERSONAL }),
    })()
    expect(JSON.stringify(records)).not.toContain(PERSONAL)
    expect(pipeline.droppedFields()).toEqual({ user: 1 })
  })
})

const describeWith = (features: Record<string, number>) => () => ({ value: 'ham', features })

describe('features that no policy names', () => {
  test('are warned about once for each tracked function, without their names', async () => {
    const said = warnings()
    const { pipeline } = record(SPAM)
    const first = tracePrediction(() => 'ham', { ...FILTERED, pipeline, describe: describeWith({ 'bob-smith': 1 }) })
    const second = tracePrediction(() => 'ham', { ...FILTERED, pipeline, describe: describeWith({ b: 1 }) })
    for (const predict of [first, first, second, first, second]) await predict()
    expect(said).toHaveLength(2)
    expect(said[0]).toMatch(/features of task spam that no policy names/)
    expect(said.join()).not.toContain('bob-smith')
  })

  test('are not warned about where * says what becomes of them', async () => {
    const said = warnings()
    const { pipeline } = record(SPAM)
    await tracePrediction(() => 'ham', {
      ...FILTERED,
      pipeline,
      features: { '*': 'drop' },
      describe: describeWith({ a: 1 }),
    })()
    expect(said).toEqual([])
    expect(pipeline.droppedFields()).toEqual({})
  })

  test('never become counters of their own, however many there are', async () => {
    const { pipeline } = record(SPAM)
    let call = 0
    const predict = tracePrediction(() => 'ham', {
      ...FILTERED,
      pipeline,
      describe: () => ({ value: 'ham', features: { [`field-${call++}`]: 1, __proto__: 1 } }),
    })
    for (let count = 0; count < 100; count += 1) await predict()
    expect(pipeline.droppedFields()).toEqual({ 'features.unnamed': 100 })
  })

  test('harm nothing when the logger that is warned throws', async () => {
    const said: string[] = []
    const fail = (message: string): never => {
      said.push(message)
      throw new Error('not yours')
    }
    diag.setLogger(
      { error: fail, warn: fail, info: fail, debug: fail, verbose: fail },
      { suppressOverrideMessage: true },
    )
    const { pipeline, records } = record(SPAM)
    await tracePrediction(() => 'ham', { ...FILTERED, pipeline, describe: describeWith({ a: 1 }) })()
    expect(records).toHaveLength(1)
    expect(said).toHaveLength(1)
  })
})
