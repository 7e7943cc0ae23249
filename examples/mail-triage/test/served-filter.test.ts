import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import proto from 'onnx-proto'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCorpus } from '../src/corpus.ts'
import { extractFeatures, type MailFeatures } from '../src/features.ts'
import { parseMail } from '../src/mail-text.ts'
import { maskMail } from '../src/masking.ts'
import { modelFileName } from '../src/model-file.ts'
import { ServedFilter } from '../src/served-filter.ts'
import { createSpamFilter } from '../src/spam-filter.ts'
import { packModel, type SpamFilterModel } from '../src/spam-filter-model.ts'
import { spamFilterOnnx } from '../src/spam-filter-onnx.ts'
import { trainSpamFilter } from '../src/spam-filter-training.ts'
import { float32Bound, SIGMOID_ERROR } from './float32-bound.ts'

const folder = mkdtempSync(join(tmpdir(), 'mail-triage-served-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function served(model: SpamFilterModel, version: string): Promise<ServedFilter> {
  const file = join(folder, modelFileName(version))
  writeFileSync(file, spamFilterOnnx(model, version))
  return await ServedFilter.load(file)
}

describe('a filter trained on real mails', () => {
  const mails: MailFeatures[] = []
  let model: SpamFilterModel
  let filter: ServedFilter
  beforeAll(async () => {
    const corpus = loadCorpus().mails.slice(0, 1200)
    for (const { raw } of corpus) mails.push(extractFeatures(maskMail(await parseMail(raw))))
    const examples = corpus.slice(0, 800).map(({ isSpam, thread }, index) => ({
      features: mails[index] ?? { buckets: [], counts: [] },
      label: isSpam ? ('spam' as const) : ('ham' as const),
      group: thread,
    }))
    model = trainSpamFilter({ examples })
    filter = await served(model, '1-real')
  }, 60_000)

  test('scores every mail from its file as in TypeScript, within what float32 loses', async () => {
    const inTypeScript = createSpamFilter(model)
    const boundOf = float32Bound(model)
    const beyond: MailFeatures[] = []
    for (const features of mails) {
      const { spam } = await filter.score(features)
      const off = Math.abs(spam - inTypeScript.scoreFeatures(features).spam)
      if (!(off <= boundOf(features))) beyond.push(features)
    }
    expect(beyond).toEqual([])
  })

  test('would not pass for another filter', async () => {
    const other = createSpamFilter(packModel(new Float64Array(16_384), { ...model, bias: model.bias + 0.01 }))
    const [features = { buckets: [], counts: [] }] = mails
    const { spam } = await filter.score(features)
    expect(Math.abs(spam - other.scoreFeatures(features).spam)).toBeGreaterThan(float32Bound(model)(features))
  })

  test('is a file of a declared version of ONNX that names its version and the hash of its weights', () => {
    const file = proto.onnx.ModelProto.decode(spamFilterOnnx(model, '4-8b73a696'))
    expect(Number(file.irVersion)).toBe(7)
    expect(file.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', 13]])
    expect(Object.fromEntries(file.metadataProps.map(({ key, value }) => [key, value]))).toEqual({
      version: '4-8b73a696',
      hash: model.hash,
    })
  })
})

describe('a filter of one word', () => {
  const model = packModel(new Float64Array(16_384).fill(1, 1, 2), {
    bias: 0,
    calibration: { slope: 2, intercept: -1 },
    trainedOn: { examples: 2, spam: 1, ham: 1 },
    seed: 1,
  })

  // All words in the bucket of weight 1: the margin is 1, the logit 2 · 1 − 1. One of four: √¼. None: only the intercept.
  test.each([
    [{ buckets: [1], counts: [3] }, 1],
    [{ buckets: [1, 9], counts: [1, 3] }, 0],
    [{ buckets: [9], counts: [1] }, -1],
    [{ buckets: [], counts: [] }, -1],
  ])('has the score of %j by hand', async (features, logit) => {
    const filter = await served(model, '1-hand')
    expect((await filter.score(features)).spam).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6)
    await filter.release()
  })

  test('is not written when it is not what its hash names', () => {
    expect(() => spamFilterOnnx({ ...model, bias: 1 }, '1')).toThrow(expect.objectContaining({ code: 'model-corrupt' }))
  })
})

test("the runtime's Sigmoid is as near to the logistic curve as the bound takes for granted", async () => {
  const { onnx } = proto
  const line = { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT, shape: { dim: [{ dimParam: 'n' }] } } }
  const session = await InferenceSession.create(
    onnx.ModelProto.encode({
      irVersion: 7,
      opsetImport: [{ domain: '', version: 13 }],
      graph: {
        name: 'sigmoid',
        input: [{ name: 'x', type: line }],
        output: [{ name: 'y', type: line }],
        node: [{ opType: 'Sigmoid', input: ['x'], output: ['y'] }],
      },
    }).finish(),
  )
  const logits = Float32Array.from({ length: 200_001 }, (_, step) => (step - 100_000) / 2500)
  const { y } = await session.run({ x: new Tensor('float32', logits, [logits.length]) })
  const off = logits.map((logit, step) => Math.abs(Number(y?.data[step]) - 1 / (1 + Math.exp(-logit))))
  expect(off.reduce((most, one) => Math.max(most, one), 0)).toBeLessThan(SIGMOID_ERROR)
})
