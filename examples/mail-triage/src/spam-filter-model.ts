import { createHash } from 'node:crypto'
import { BUCKETS } from './features.ts'
import type { LinearModel } from './logistic-regression.ts'
import { kindOf, MailTriageError } from './mail-triage-error.ts'

const FORMAT = 'mail-triage-spam-filter/1'

/** A trained filter as plain JSON. What it is made of decides its hash, and nothing else does. */
export interface SpamFilterModel {
  readonly format: typeof FORMAT
  /** 16,384 32-bit floats, little endian, in base 64. */
  readonly weights: string
  readonly bias: number
  readonly calibration: { readonly slope: number; readonly intercept: number }
  readonly trainedOn: { readonly examples: number; readonly spam: number; readonly ham: number }
  readonly seed: number
  /** SHA-256 of the rest, in hex. */
  readonly hash: string
}

type Content = Omit<SpamFilterModel, 'hash' | 'format' | 'weights'>

export function packModel(weights: Float64Array, content: Content): SpamFilterModel {
  const bytes = Buffer.alloc(BUCKETS * 4)
  for (const [index, weight] of weights.entries()) bytes.writeFloatLE(weight, index * 4)
  const unhashed = { format: FORMAT, ...content, weights: bytes.toString('base64') } as const
  return { ...unhashed, hash: hashOf(unhashed) }
}

/** @throws MailTriageError `invalid-argument` for no model, `model-corrupt` for one that is not what was trained */
export function unpackModel(model: SpamFilterModel): LinearModel {
  if (typeof model !== 'object' || model === null || model.format !== FORMAT) {
    throw new MailTriageError(
      'invalid-argument',
      `A model of the format ${FORMAT} can't be read from ${kindOf(model)}`,
      'Pass what trainSpamFilter returned',
    )
  }
  if (model.hash !== hashOf(model)) {
    throw new MailTriageError(
      'model-corrupt',
      'The model is not the one that its hash names',
      'Load it again, or train it again',
    )
  }
  const bytes = Buffer.from(model.weights, 'base64')
  return {
    weights: Float64Array.from({ length: BUCKETS }, (_, index) => bytes.readFloatLE(index * 4)),
    bias: model.bias,
  }
}

/** Over the fields in a fixed order, so a model that went through a store that sorts keys is still itself. */
function hashOf({ format, weights, bias, calibration, trainedOn, seed }: Omit<SpamFilterModel, 'hash'>): string {
  const { slope, intercept } = calibration ?? {}
  const { examples, spam, ham } = trainedOn ?? {}
  const content = JSON.stringify([format, weights, bias, slope, intercept, examples, spam, ham, seed])
  return createHash('sha256').update(content).digest('hex')
}
