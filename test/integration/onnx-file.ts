import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { onnx as Onnx } from 'onnx-proto'

const require = createRequire(join(import.meta.dirname, '../../hosts/targets/package.json'))
const { onnx } = require('onnx-proto') as { onnx: typeof Onnx }

/** A model that was trained by others and ships in an npm package: whether there is speech in 32 ms of sound. */
export const SILERO = join(require.resolve('@ricky0123/vad-web/package.json'), '../dist/silero_vad_v5.onnx')

const { FLOAT, INT64 } = onnx.TensorProto.DataType
const FLOAT_ATTRIBUTE = onnx.AttributeProto.AttributeType.FLOAT
const INT_ATTRIBUTE = onnx.AttributeProto.AttributeType.INT

/** @param dims a number is fixed, a name is not */
function valueInfo(name: string, elemType: number, dims: readonly (number | string)[]): Onnx.IValueInfoProto {
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}

/**
 * A linear classifier as an ONNX file: `features` (any number of rows) → Gemm → Softmax → `probabilities`, and the index
 * of the highest as `label` (int64).
 * @param weights one row for each feature, one column for each class
 */
export function linearClassifier(weights: readonly (readonly number[])[], bias: readonly number[]): Uint8Array {
  const graph = {
    name: 'classifier',
    input: [valueInfo('features', FLOAT, ['rows', weights.length])],
    output: [valueInfo('probabilities', FLOAT, ['rows', bias.length]), valueInfo('label', INT64, ['rows'])],
    initializer: [
      { name: 'weights', dataType: FLOAT, dims: [weights.length, bias.length], floatData: weights.flat() },
      { name: 'bias', dataType: FLOAT, dims: [bias.length], floatData: [...bias] },
    ],
    node: [
      {
        opType: 'Gemm',
        input: ['features', 'weights', 'bias'],
        output: ['logits'],
        attribute: [{ name: 'alpha', type: FLOAT_ATTRIBUTE, f: 1 }],
      },
      {
        opType: 'Softmax',
        input: ['logits'],
        output: ['probabilities'],
        attribute: [{ name: 'axis', type: INT_ATTRIBUTE, i: 1 }],
      },
      {
        opType: 'ArgMax',
        input: ['logits'],
        output: ['label'],
        attribute: [
          { name: 'axis', type: INT_ATTRIBUTE, i: 1 },
          { name: 'keepdims', type: INT_ATTRIBUTE, i: 0 },
        ],
      },
    ],
  }
  return onnx.ModelProto.encode({ irVersion: 8, opsetImport: [{ domain: '', version: 13 }], graph }).finish()
}
