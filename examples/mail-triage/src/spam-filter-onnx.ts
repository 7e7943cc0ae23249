import proto from 'onnx-proto'
import { BUCKETS } from './features.ts'
import { unpackModel, type SpamFilterModel } from './spam-filter-model.ts'

const { onnx } = proto
const { FLOAT, INT32 } = onnx.TensorProto.DataType

/** ONNX 1.8: old enough for every runtime that is in use, new enough for each operator below. */
const OPSET = 13
const IR_VERSION = 7

/** What the file is fed, and what it answers. */
export const INPUTS = { buckets: 'buckets', counts: 'counts' } as const
export const OUTPUT = 'spam'

/** A dimension is fixed by a number and left open by a name. */
function tensor(name: string, elemType: number, dims: readonly (number | string)[]): proto.onnx.IValueInfoProto {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}

const constant = (name: string, value: number): proto.onnx.ITensorProto => ({
  name,
  dataType: FLOAT,
  dims: [1],
  floatData: [value],
})

/** The graph, an operator a line: from counted words to the calibrated score. */
const NODES: readonly (readonly [operator: string, input: readonly string[], output: string])[] = [
  ['ReduceSum', [INPUTS.counts], 'total'],
  ['Div', [INPUTS.counts, 'total'], 'shares'],
  ['Sqrt', ['shares'], 'row'],
  ['Gather', ['weights', INPUTS.buckets], 'weightsOfRow'],
  ['Gemm', ['row', 'weightsOfRow', 'bias'], 'margin'],
  ['Mul', ['margin', 'slope'], 'scaled'],
  ['Add', ['scaled', 'intercept'], 'logit'],
  ['Sigmoid', ['logit'], OUTPUT],
]

/**
 * The filter as an ONNX file, in 32-bit floats: one mail's words in, its calibrated score out.
 *
 * | tensor    | type    | shape        | what it is                                                |
 * | --------- | ------- | ------------ | --------------------------------------------------------- |
 * | `buckets` | int32   | `[words]`    | buckets that words fell into, each once                   |
 * | `counts`  | float32 | `[1, words]` | how many words fell into each                             |
 * | `spam`    | float32 | `[1, 1]`     | how probable spam is where half of the mails are spam     |
 *
 * Only the weights of the mail's own words are gathered: a vector of all 16,384 buckets, nearly all of them 0, takes half as
 * long again and 64 KiB a mail.
 *
 * @param version stands in the file's metadata
 * @throws MailTriageError `invalid-argument`; `model-corrupt` when the model is not what its hash names
 */
export function spamFilterOnnx(model: SpamFilterModel, version: string): Uint8Array {
  const { bias } = unpackModel(model)
  const { slope, intercept } = model.calibration
  return onnx.ModelProto.encode({
    irVersion: IR_VERSION,
    opsetImport: [{ domain: '', version: OPSET }],
    producerName: 'mail-triage',
    metadataProps: [
      { key: 'version', value: version },
      { key: 'hash', value: model.hash },
    ],
    graph: {
      name: 'spam-filter',
      input: [tensor(INPUTS.buckets, INT32, ['words']), tensor(INPUTS.counts, FLOAT, [1, 'words'])],
      output: [tensor(OUTPUT, FLOAT, [1, 1])],
      initializer: [
        { name: 'weights', dataType: FLOAT, dims: [BUCKETS, 1], rawData: Buffer.from(model.weights, 'base64') },
        constant('bias', bias),
        constant('slope', slope),
        constant('intercept', intercept),
      ],
      node: NODES.map(([opType, input, output]) => ({ opType, input: [...input], output: [output] })),
    },
  }).finish()
}
