import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { onnx as Onnx } from 'onnx-proto'
import { vi } from 'vitest'

const { onnx } = createRequire(import.meta.url)('onnx-proto') as { onnx: typeof Onnx }

type Values = Float64Array

/** One after the other; a single value stands for as many as the other side has (ONNX calls that broadcasting). */
const pairwise =
  (combine: (a: number, b: number) => number) =>
  ([a = NONE, b = NONE]: readonly Values[]): Values =>
    a.map((value, index) => combine(value, b[b.length === 1 ? 0 : index] ?? Number.NaN))

const NONE = new Float64Array()
const sum = (values: Values): number => values.reduce((total, value) => total + value, 0)
const first = ([value = Number.NaN]: Values): number => value

/** The operators of the filter's file, as the specification of ONNX has them, for one row. */
const OPERATORS: Readonly<Record<string, (inputs: readonly Values[]) => Values>> = {
  ReduceSum: ([values = NONE]) => Float64Array.of(sum(values)),
  Div: pairwise((a, b) => a / b),
  Sqrt: ([values = NONE]) => values.map(Math.sqrt),
  Gather: ([data = NONE, indexes = NONE]) => indexes.map((index) => data[index] ?? Number.NaN),
  Gemm: ([a = NONE, b = NONE, c = NONE]) => Float64Array.of(sum(pairwise((x, y) => x * y)([a, b])) + first(c)),
  Mul: pairwise((a, b) => a * b),
  Add: pairwise((a, b) => a + b),
  Sigmoid: ([values = NONE]) => values.map((value) => 1 / (1 + Math.exp(-value))),
}

/** The numbers of a constant of the file: in its own field, or as bytes, little endian. */
function valuesOf({ floatData, rawData }: Onnx.ITensorProto): Values {
  if (floatData?.length) return Float64Array.from(floatData)
  const bytes = Buffer.from(rawData ?? [])
  return Float64Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4))
}

/** What a file answers. @throws Error for an operator that it does not know */
function evaluate({ initializer, node, output }: Onnx.IGraphProto, feeds: InferenceSession.FeedsType) {
  const known = new Map<string, Values>()
  for (const constant of initializer ?? []) known.set(constant.name ?? '', valuesOf(constant))
  for (const [name, tensor] of Object.entries(feeds)) known.set(name, Float64Array.from(tensor.data as Float32Array))
  for (const { opType, input, output: made } of node ?? []) {
    const operator = OPERATORS[opType ?? '']
    if (operator === undefined) throw new Error(`The operator ${opType} is not among those of the filter`)
    known.set(made?.[0] ?? '', operator((input ?? []).map((name) => known.get(name) ?? NONE)))
  }
  const name = output?.[0]?.name ?? ''
  return { [name]: new Tensor('float64', known.get(name) ?? NONE, [1, 1]) }
}

/**
 * Lets sessions that are loaded from now on answer by an evaluation of their file in float64. Call it before anything
 * tracks the sessions: a patch on top is then none the wiser.
 * @returns what ends it
 */
export function answerInFloat64(): () => void {
  const graphs = new WeakMap<object, Onnx.IGraphProto>()
  const load = InferenceSession.create.bind(InferenceSession) as (path: string) => Promise<InferenceSession>
  const created = vi.spyOn(InferenceSession, 'create').mockImplementation((async (path: string) => {
    const session = await load(path)
    graphs.set(session, onnx.ModelProto.decode(readFileSync(path)).graph ?? {})
    return session
  }) as typeof InferenceSession.create)
  const { prototype } = InferenceSession as unknown as { prototype: InferenceSession }
  const ran = vi.spyOn(prototype, 'run').mockImplementation(async function run(
    this: InferenceSession,
    feeds: InferenceSession.FeedsType,
  ) {
    return evaluate(graphs.get(this) ?? {}, feeds)
  })
  return () => {
    created.mockRestore()
    ran.mockRestore()
  }
}
