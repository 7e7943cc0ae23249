import { feedbackId, type Feedback } from '@groundtrace/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BookAnswer } from '../../src/bridge/answer-book.ts'
import { BridgeWorld, CROWD, trackingIdOf } from './bridge-world.ts'

let world: BridgeWorld
beforeEach(() => {
  world = new BridgeWorld()
})
afterEach(() => world.end())

const truthOf = (number: number): Feedback => ({
  id: feedbackId('crowd', String(number)),
  target: { prediction: trackingIdOf(number) },
  time: 0,
  source: 'crowd',
  kind: 'annotation',
  label: 'spam',
  by: 'crowd',
  method: 'majority/1',
})
const answersOf = (number: number): readonly BookAnswer[] =>
  world.bridge.book.unitsOf(trackingIdOf(number)).flatMap(({ answers }) => answers)
const tick = async (): Promise<void> => {
  world.now += 60_000
  world.server.time += 60_000
  await world.bridge.tick()
}
const taskOf = (number: number): number =>
  world.server.peek(CROWD).find(({ key }) => key === world.outbox.units.ofPrediction(trackingIdOf(number))[0]?.key)
    ?.task ?? 0

async function sent(...numbers: readonly number[]): Promise<void> {
  world.plan(...numbers)
  await tick()
  await tick()
}

test('an answer that was deleted does not count any more, and the history says so', async () => {
  await sent(1)
  const annotation = world.server.annotate(CROWD, taskOf(1), 1, 'spam')
  await tick()
  expect(answersOf(1)).toMatchObject([{ state: 'standing', kept: false }])
  world.server.deleteAnnotation(CROWD, taskOf(1), annotation)
  await tick()
  expect(answersOf(1)).toMatchObject([{ state: 'deleted' }])
  const [unit] = world.bridge.book.unitsOf(trackingIdOf(1))
  expect(world.bridge.book.history(unit?.unit.key ?? '').map(({ kind }) => kind)).toEqual(['given', 'deleted'])
  expect(world.bridge.status().gaps).toEqual([])
})

test('after a restore from an older backup nothing that was read is lost, and the gap is told', async () => {
  await sent(1, 2)
  world.server.annotate(CROWD, taskOf(1), 1, 'spam')
  await tick()
  const backup = world.server.backup()
  world.server.annotate(CROWD, taskOf(2), 1, 'ham')
  await sent(3)
  world.server.annotate(CROWD, taskOf(3), 1, 'spam')
  await tick()
  world.server.restore(backup)
  await tick()
  expect([1, 2, 3].map((number) => answersOf(number))).toMatchObject([
    [{ state: 'standing', kept: false }],
    [{ state: 'standing', kept: true }],
    [{ state: 'standing', kept: true }],
  ])
  expect(world.outbox.gaps.latest()).toMatchObject([{ kind: 'restored', units: 1, answers: 2 }])
  // The task that was lost is sent again, once.
  await tick()
  expect(world.server.peek(CROWD)).toHaveLength(3)
  expect(world.bridge.status().gaps).toEqual([{ project: 'crowd', kind: 'restored', gaps: 1 }])
})

test('an answer that was edited is kept in its newest version when the server goes back to an older one', async () => {
  await sent(1, 2)
  const annotation = world.server.annotate(CROWD, taskOf(1), 1, 'spam')
  await tick()
  const backup = world.server.backup()
  world.server.edit(CROWD, taskOf(1), annotation, 'ham')
  await tick()
  world.server.restore(backup)
  await tick()
  await tick()
  expect(answersOf(1)).toMatchObject([{ state: 'standing', kept: true, content: { result: ['ham'] } }])
  world.server.edit(CROWD, taskOf(1), annotation, 'spam')
  await tick()
  expect(answersOf(1)).toMatchObject([{ state: 'standing', kept: false, content: { result: ['spam'] } }])
  expect(world.bridge.status().gaps).toMatchObject([{ kind: 'restored', gaps: 1 }])
})

test('what happens on a restored server before anybody looks does not hide that it was restored', async () => {
  await sent(1, 2, 3)
  const backup = world.server.backup()
  world.server.annotate(CROWD, taskOf(1), 1, 'spam')
  world.server.annotate(CROWD, taskOf(2), 1, 'ham')
  await tick()
  world.server.restore(backup)
  world.server.time += 60_000
  // The server gives the same ID again, to another answer.
  world.server.annotate(CROWD, taskOf(1), 2, 'ham')
  await tick()
  expect(answersOf(1)).toMatchObject([
    { content: { annotator: 1, result: ['spam'] }, state: 'standing', kept: true },
    { content: { annotator: 2, result: ['ham'] }, state: 'standing', kept: false },
  ])
  expect(answersOf(2)).toMatchObject([{ state: 'standing', kept: true }])
})

test('a server clock that is set back is no restore: an answer deleted then is deleted', async () => {
  await sent(1, 2)
  const annotation = world.server.annotate(CROWD, taskOf(1), 1, 'spam')
  world.server.annotate(CROWD, taskOf(2), 1, 'ham')
  await tick()
  world.server.time -= 3600_000
  world.server.deleteAnnotation(CROWD, taskOf(1), annotation)
  await tick()
  expect(answersOf(1)).toMatchObject([{ state: 'deleted' }])
  expect(answersOf(2)).toMatchObject([{ state: 'standing', kept: false }])
  expect(world.bridge.status().gaps).toEqual([])
})

test('a task that was deleted leaves its answers standing, is told, and is not sent again', async () => {
  await sent(1, 2)
  world.server.annotate(CROWD, taskOf(1), 1, 'spam')
  await tick()
  world.server.deleteTask(CROWD, taskOf(1))
  await tick()
  await tick()
  expect(answersOf(1)).toMatchObject([{ state: 'standing', kept: true }])
  expect(world.outbox.units.ofPrediction(trackingIdOf(1))).toMatchObject([{ state: 'gone', why: 'task-deleted' }])
  expect(world.outbox.gaps.latest()).toMatchObject([{ kind: 'tasks-deleted', units: 1, answers: 1 }])
  expect(world.server.peek(CROWD)).toHaveLength(1)
})

test('the ID of a task that was deleted, given to another one, does not mix up their answers', async () => {
  await sent(1)
  world.server.annotate(CROWD, taskOf(1), 1, 'spam')
  await tick()
  const id = taskOf(1)
  world.server.deleteTask(CROWD, id)
  await sent(2)
  expect(taskOf(2)).toBe(id)
  world.server.annotate(CROWD, id, 1, 'ham')
  await tick()
  expect(answersOf(1)).toMatchObject([{ content: { result: ['spam'] }, kept: true }])
  expect(answersOf(2)).toMatchObject([{ content: { result: ['ham'] }, kept: false }])
})

test('a second answer of the same annotator supersedes the first', async () => {
  await sent(1)
  world.server.annotate(CROWD, taskOf(1), 1, 'spam')
  world.server.annotate(CROWD, taskOf(1), 2, 'spam')
  world.server.annotate(CROWD, taskOf(1), 1, 'ham')
  await tick()
  expect(answersOf(1).map(({ state, content: { annotator, result } }) => [state, annotator, ...result])).toEqual([
    ['superseded', 1, 'spam'],
    ['standing', 2, 'spam'],
    ['standing', 1, 'ham'],
  ])
})

test('a unit with two tasks is told, and answers on both count', async () => {
  await sent(1)
  const key = world.server.peek(CROWD)[0]?.key ?? ''
  await world.server.importTasks(CROWD, [{ key }])
  const [first, second] = world.server.peek(CROWD).map(({ task }) => task)
  world.server.annotate(CROWD, first ?? 0, 1, 'spam')
  world.server.annotate(CROWD, second ?? 0, 2, 'ham')
  await tick()
  await tick()
  expect(answersOf(1)).toMatchObject([{ state: 'standing' }, { state: 'standing' }])
  expect(world.bridge.status().gaps).toEqual([{ project: 'crowd', kind: 'doubled', gaps: 1 }])
})

test('truth that a register lost, which is restored from an older backup, is sent again', async () => {
  world.bridge.book.advance('truth', 0, [truthOf(1), truthOf(2)])
  await world.bridge.tick()
  const backup = new Map(world.appended)
  world.bridge.book.advance('truth', 0, [truthOf(3)])
  await world.bridge.tick()
  expect(await world.bridge.tick()).toMatchObject({ feedback: 0 })

  world.appended.clear()
  for (const [id, line] of backup) world.appended.set(id, line)
  world.bridge.book.advance('truth', 0, [truthOf(4)])
  expect(await world.bridge.tick()).toMatchObject({ feedback: 4, troubles: [] })
  expect([...world.appended.keys()]).toEqual([1, 2, 3, 4].map((number) => truthOf(number).id))
  expect(await world.bridge.tick()).toMatchObject({ feedback: 0 })
})

test('an outbox that is restored from an older backup finds what it had sent since, with its answers', async () => {
  world.end()
  world = new BridgeWorld({}, { secret: 'the secret that keys are made of' })
  await sent(1)
  world.backUpOutbox()
  await sent(2, 3)
  world.server.annotate(CROWD, taskOf(2), 5, 'spam')
  await tick()
  expect(answersOf(2)).toHaveLength(1)

  world.restoreOutbox()
  expect(answersOf(2)).toEqual([])
  // The place in the ledger has gone back as well: it is picked again.
  await sent(2, 3, 4)
  expect(world.server.peek(CROWD).map(({ task }) => task)).toEqual([1, 2, 3, 4])
  expect(answersOf(2)).toMatchObject([{ content: { annotator: 5, result: ['spam'] }, state: 'standing' }])
})

test('what is answered to a text that somebody put in place of the mail does not count, until the mail is back', async () => {
  const told: string[] = []
  world.end()
  world = new BridgeWorld({ onTrouble: ({ error }) => void told.push(String(error)) })
  await sent(1, 2)
  world.server.annotate(CROWD, taskOf(1), 5, 'spam')
  await tick()
  world.server.retell(CROWD, taskOf(1), 'An offer! An offer!')
  world.server.annotate(CROWD, taskOf(1), 6, 'ham')
  world.server.annotate(CROWD, taskOf(2), 6, 'ham')
  await tick()
  expect([answersOf(1), answersOf(2)].map((answers) => answers.map(({ content }) => content.annotator))).toEqual([
    [5],
    [6],
  ])
  expect(told.at(-1)).toContain('1 tasks of project 7 show something else')
  world.outbox.write(() => world.outbox.projects.askSweep('crowd', 'tasks-differ'))
  await tick()
  expect(answersOf(1)).toMatchObject([{ content: { annotator: 5 }, state: 'standing' }])

  world.server.retell(CROWD, taskOf(1), `the mail of ${world.outbox.units.ofPrediction(trackingIdOf(1))[0]?.key}`)
  await tick()
  expect(answersOf(1).map(({ content }) => content.annotator)).toEqual([5, 6])
})
