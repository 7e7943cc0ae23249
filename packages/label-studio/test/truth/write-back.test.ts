import { describe, expect, test } from 'vitest'
import type { MarkedAnswer, ServedTask } from '../../src/truth/write-back.ts'
import { TruthWorld } from './truth-world.ts'
import { answers, POLICY, said } from './two-of-three.ts'

function marks() {
  const marked = new Map<number, boolean>()
  const served: (readonly [task: number, isServed: boolean])[] = []
  let down = false
  /** Tasks that can't be shown, and annotations that somebody has touched since they were read. */
  const [broken, touched] = [new Set<number>(), new Set<number>()]
  return {
    marked,
    broken,
    touched,
    fail: (fails: boolean) => (down = fails),
    served,
    serve: async ({ task }: ServedTask, isServed: boolean) => {
      if (down) throw new Error('not there')
      served.push([task, isServed])
    },
    mark: async ({ task, annotation }: MarkedAnswer, isGroundTruth: boolean) => {
      if (down || broken.has(task)) throw new Error('not there')
      if (touched.has(annotation)) return false
      marked.set(annotation, isGroundTruth)
      return true
    },
  }
}

async function marking() {
  const server = marks()
  const world = new TruthWorld(POLICY, { server })
  world.plan('crowd', 0)
  world.outbox.units.sent(world.unit('crowd', 0), { project: 1, task: 7 })
  return { server, world }
}

describe('on the server', () => {
  test('the first answer that agrees is marked as ground truth, and no longer once it does not hold', async () => {
    const { server, world } = await marking()
    answers(world, 0, ['ham', 'spam', 'spam'])
    expect(await world.settle()).toMatchObject({ marked: 1 })
    expect([...server.marked]).toEqual([[2, true]])
    world.answer('crowd', 0, 2, { label: 'ham' })
    await world.settle()
    expect([...server.marked]).toEqual([
      [2, false],
      [1, true],
    ])
    expect(await world.settle()).toMatchObject({ marked: 0 })
  })

  test('a server that is away delays marks and nothing else', async () => {
    const { server, world } = await marking()
    answers(world, 0, ['spam', 'spam'])
    server.fail(true)
    await expect(world.settle()).rejects.toThrow('not there')
    await world.flush()
    expect(said(world.linesOn(0))).toEqual(['crowd: spam'])
    server.fail(false)
    world.restart()
    expect(await world.settle()).toMatchObject({ settled: 0, marked: 1 })
    expect([...server.marked]).toEqual([[1, true]])
  })

  test('a task that can not be shown keeps its mark waiting, and no other', async () => {
    const { server, world } = await marking()
    world.plan('crowd', 1)
    world.outbox.units.sent(world.unit('crowd', 1), { project: 1, task: 8 })
    server.broken.add(7)
    answers(world, 0, ['spam', 'spam'])
    answers(world, 1, ['spam', 'spam'])
    await expect(world.settle()).rejects.toThrow('not there')
    expect([...server.marked]).toEqual([[3, true]])
    server.broken.clear()
    expect(await world.settle()).toMatchObject({ marked: 1 })
    expect([...server.marked]).toEqual([
      [3, true],
      [1, true],
    ])
  })

  test('an answer that somebody touched since it was read is marked when it was read again', async () => {
    const { server, world } = await marking()
    answers(world, 0, ['spam', 'spam'])
    server.touched.add(1)
    expect(await world.settle()).toMatchObject({ settled: 1, marked: 0 })
    server.touched.clear()
    expect(await world.settle()).toMatchObject({ settled: 0, marked: 1 })
  })

  test('marks that a restored server has lost are made again', async () => {
    const { server, world } = await marking()
    answers(world, 0, ['spam', 'spam'])
    await world.settle()
    server.marked.clear()
    world.outbox.gaps.add({ project: 'crowd', kind: 'restored', units: 0, answers: 1, detail: 'It was restored.' })
    expect(await world.settle()).toMatchObject({ touched: 0, marked: 1 })
    expect([...server.marked]).toEqual([[1, true]])
    expect(await world.settle()).toMatchObject({ marked: 0 })
  })

  test('nobody is asked about a unit that is settled, until it needs answers again', async () => {
    const { server, world } = await marking()
    answers(world, 0, ['spam'])
    await world.settle()
    expect(server.served).toEqual([])
    world.answer('crowd', 0, 2, { label: 'spam' })
    await world.settle()
    expect(server.served).toEqual([[7, false]])
    // Somebody had it open: the server serves it again.
    world.answer('crowd', 0, 3, { label: 'spam' })
    server.fail(true)
    await expect(world.settle()).rejects.toThrow('not there')
    server.fail(false)
    world.restart()
    await world.settle()
    expect(server.served).toEqual([
      [7, false],
      [7, false],
    ])
    for (const annotator of [2, 3]) world.delete('crowd', 0, annotator)
    await world.settle()
    await world.settle()
    expect(server.served.slice(2)).toEqual([[7, true]])
  })

  test('an expert has the last word on which answer of the crowd is true', async () => {
    const { server, world } = await marking()
    answers(world, 0, ['spam', 'spam', 'ham'])
    await world.settle()
    world.plan('expert', 0)
    world.outbox.units.sent(world.unit('expert', 0), { project: 2, task: 8 })
    world.answer('expert', 0, 9, { label: 'ham' })
    await world.settle()
    expect(Object.fromEntries(server.marked)).toEqual({ 1: false, 3: true, 4: true })
  })
})
