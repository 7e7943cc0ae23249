import { defineTask, type Task } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { answersOf, type OnnxModel } from '../../../src/targets/onnxruntime-node/model.ts'

const ANIMAL = defineTask({ name: 'animal', kind: 'multiclass', classes: ['cat', 'dog', 'fox'] })
const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const PRICE = defineTask({ name: 'price', kind: 'regression' })

const tensor = (type: string, dims: readonly number[], data: ArrayLike<unknown>): object => ({ type, dims, data })
const model = (task: Task, more: Partial<OnnxModel>): OnnxModel => ({
  match: 'x.onnx',
  model: { name: 'x', version: '1' },
  task,
  ...more,
})
const ignore = (): void => undefined

/** Every row as it is read. */
function read(declared: OnnxModel, outputs: Record<string, unknown>) {
  const answers = answersOf(declared, outputs)
  return Array.from({ length: answers.rows }, (_, row) => answers.at(row, ignore))
}

describe('scores', () => {
  test('are read row by row, and the highest is the answer; of equal ones the first', () => {
    const data = Float64Array.of(0.25, 0.5, 0.25, 0.5, 0.25, 0.5)
    expect(read(model(ANIMAL, { scores: 'p' }), { p: tensor('float64', [2, 3], data) })).toEqual([
      { value: 'dog', scores: { cat: 0.25, dog: 0.5, fox: 0.25 } },
      { value: 'cat', scores: { cat: 0.5, dog: 0.25, fox: 0.5 } },
    ])
  })

  test('of one dimension are one row', () => {
    const output = tensor('float32', [3], Float32Array.of(0, 0, 1))
    expect(read(model(ANIMAL, { scores: 'p' }), { p: output })).toMatchObject([{ value: 'fox' }])
  })

  test('of a task that names no classes go by the index of the column', () => {
    const task = defineTask({ name: 'open', kind: 'multiclass' })
    const output = tensor('float32', [1, 2], Float32Array.of(0.25, 0.75))
    expect(read(model(task, { scores: 'p' }), { p: output })).toEqual([{ value: '1', scores: { 0: 0.25, 1: 0.75 } }])
  })

  test('in one column of a binary task are the positive class, and the rest is the negative one', () => {
    const output = tensor('float32', [2, 1], Float32Array.of(0.25, 0.5))
    expect(read(model(SPAM, { scores: 'p' }), { p: output })).toEqual([
      { value: 'ham', scores: { ham: 0.75, spam: 0.25 } },
      { value: 'spam', scores: { ham: 0.5, spam: 0.5 } },
    ])
    expect(read(model(SPAM, { scores: 'p', threshold: 0.25 }), { p: output })[0]?.value).toBe('spam')
  })

  test('that are no probability leave the other class out', () => {
    const output = tensor('float32', [1, 1], Float32Array.of(2.5))
    expect(read(model(SPAM, { scores: 'p', threshold: 0 }), { p: output })).toEqual([
      { value: 'spam', scores: { spam: 2.5 } },
    ])
  })

  test('beyond 100 are told, and the highest are kept', () => {
    const task = defineTask({ name: 'many', kind: 'multiclass' })
    const data = Float32Array.from({ length: 1000 }, (_, index) => index)
    let told = 0
    const { value, scores } = answersOf(model(task, { scores: 'p' }), { p: tensor('float32', [1, 1000], data) }).at(
      0,
      () => (told += 1),
    )
    expect([value, told, Object.keys(scores ?? {}).length]).toEqual(['999', 1, 100])
    expect(Math.min(...Object.values(scores ?? {}))).toBe(900)
  })

  test.each<[string, (column: number) => number]>([
    ['rise', (column) => column],
    ['fall', (column) => -column],
    ['are equal', () => 0.5],
    ['go up and down', (column) => (column * 7919) % 1009],
  ])('of which many %s are those that sorting all of them gives', (_, score) => {
    const task = defineTask({ name: 'many', kind: 'multiclass' })
    const data = Float64Array.from({ length: 1500 }, (_, column) => score(column))
    const sorted = [...data].map((value, column) => [String(column), value] as const).sort(([, a], [, b]) => b - a)
    const { scores } = answersOf(model(task, { scores: 'p' }), { p: tensor('float64', [1, 1500], data) }).at(0, ignore)
    expect(scores).toEqual(Object.fromEntries(sorted.slice(0, 100)))
  })

  test('of half precision are read from their bits', () => {
    // IEEE 754 binary16: 0x3400 = 0.25, 0xc100 = −2.5, 0x0001 = 2^−24.
    const output = tensor('float16', [1, 3], Uint16Array.of(0x3400, 0xc100, 0x0001))
    expect(read(model(ANIMAL, { scores: 'p' }), { p: output })).toEqual([
      { value: 'cat', scores: { cat: 0.25, dog: -2.5, fox: 2 ** -24 } },
    ])
  })
})

describe('a declared answer', () => {
  test('of 64 bits is the index of a class, with the scores beside it', () => {
    const outputs = {
      label: tensor('int64', [2], BigInt64Array.of(2n, 0n)),
      p: tensor('float32', [2, 3], new Float32Array(6)),
    }
    const rows = read(model(ANIMAL, { value: 'label', scores: 'p' }), outputs)
    expect(rows.map(({ value }) => value)).toEqual(['fox', 'cat'])
  })

  test('of texts is the class itself', () => {
    expect(read(model(ANIMAL, { value: 'label' }), { label: tensor('string', [1], ['dog']) })).toEqual([
      { value: 'dog', scores: undefined },
    ])
  })

  test('of a regression is the number', () => {
    const output = tensor('float64', [2, 1], Float64Array.of(1.5, -2))
    expect(read(model(PRICE, { value: 'y' }), { y: output }).map(({ value }) => value)).toEqual([1.5, -2])
  })
})

function detached(): Float32Array {
  const data = new Float32Array(3)
  structuredClone(data.buffer, { transfer: [data.buffer] })
  return data
}

describe('an output is refused', () => {
  test.each<[string, unknown, string]>([
    ['that is not there', undefined, 'no tensor'],
    ['that is no tensor', { dims: 'none' }, 'no tensor'],
    ['whose buffer is detached', tensor('float32', [1, 3], detached()), 'has 0 of 3 values'],
    ['of another number of columns', tensor('float32', [1, 2], new Float32Array(2)), '2 columns'],
    ['of dimensions that none has', tensor('float32', [-1, -3], new Float32Array(3)), 'no tensor'],
    ['that holds no number', tensor('float32', [1, 3], Float32Array.of(0, Number.NaN, 0)), 'not a number'],
    ['that holds objects', tensor('odd', [1, 3], [{}, {}, {}]), 'neither numbers nor texts'],
  ])('%s', (_, output, message) => {
    expect(() => read(model(ANIMAL, { scores: 'p' }), { p: output })).toThrow(message)
  })

  test('that is wider than classes are, unread: no prediction waits for that', () => {
    const data = new Proxy(new Float32Array(0), {
      get(_, key) {
        if (key === 'length') return 100_000_000
        throw new Error(`read ${String(key)}`)
      },
    })
    const declared = model(defineTask({ name: 'open', kind: 'multiclass' }), { scores: 'p' })
    expect(() => read(declared, { p: tensor('float32', [1, 100_000_000], data) })).toThrow('100000000 columns')
    expect(() => read(model(ANIMAL, { scores: 'p' }), { p: tensor('float32', [1, 100_000_000], data) })).toThrow(
      '3 classes',
    )
  })

  test('whose data is out of reach, as on a device', () => {
    const output = { type: 'float32', dims: [1, 3] }
    Object.defineProperty(output, 'data', {
      get() {
        throw new Error('The data is not on CPU')
      },
    })
    expect(() => read(model(ANIMAL, { scores: 'p' }), { p: output })).toThrow('not on CPU')
  })
})
