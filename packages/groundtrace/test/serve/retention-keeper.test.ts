import { defineTask, formatTrackingId, type Prediction, type Register, type Task } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { expect, test, vi } from 'vitest'
import { keepRetention } from '../../src/serve/retention-keeper.ts'

const DAY = 24 * 3_600_000
const NOW = Date.UTC(2026, 0, 31)

const [triage, fraud, price] = ['triage', 'fraud', 'price'].map((name) =>
  defineTask({ name, kind: 'regression', horizonSeconds: 3600 }),
) as [Task, Task, Task]

function raise(error: unknown): never {
  throw error
}

/** A prediction that was made so many days ago. */
function daysAgo(days: number, task: Task): Prediction {
  const spanId = (days * 10 + [triage, fraud, price].indexOf(task) + 1).toString(16).padStart(16, '0')
  const id = formatTrackingId({ traceId: 'a'.repeat(32), spanId })
  return { id, task, model: { name: 'm', version: '1' }, time: NOW - days * DAY, value: 1 }
}

test('each task is kept for its own time, and those that are not named for the time of all', async () => {
  const register = openSqliteRegister({ path: ':memory:', thread: 'caller', now: () => NOW })
  const lines = [5, 15, 25].flatMap((days) => [triage, fraud, price].map((task) => daysAgo(days, task)))
  await register.appendPredictions(lines)
  await register.closeHorizons({ now: NOW })
  const byTask = new Map([
    ['triage', 10 * DAY],
    ['fraud', 30 * DAY],
    ['unheard-of', DAY],
  ])
  const keeper = keepRetention(register, { byTask, others: 20 * DAY }, raise, () => NOW)
  await vi.waitFor(async () => expect((await register.totals()).removed.pruned).toBe(3))
  await keeper.stop()
  const { lines: left } = await register.read('predictions', { after: 0 })
  expect(left.map(({ task, time }) => [task.name, (NOW - time) / DAY])).toEqual([
    ['triage', 5],
    ['fraud', 5],
    ['price', 5],
    ['fraud', 15],
    ['price', 15],
    ['fraud', 25],
  ])
  await register.close()
})

test('where only one task is named nothing of another goes', async () => {
  const prune = vi.fn<Register['prune']>(async () => 0)
  const register = { tasks: async () => [triage, fraud], prune } as unknown as Register
  const keeper = keepRetention(register, { byTask: new Map([['fraud', DAY]]) }, raise, () => NOW)
  await vi.waitFor(() => expect(prune).toHaveBeenCalled())
  await keeper.stop()
  expect(prune.mock.calls).toEqual([[{ before: NOW - DAY, task: 'fraud', limit: 5000 }]])
})

test('goes on until nothing is left, tells what fails, and tries again', async () => {
  const answers: readonly (number | Error)[] = [5000, 5000, new Error('busy'), 12]
  const errors: unknown[] = []
  let calls = 0
  const prune = vi.fn<Register['prune']>(async () => {
    const answer = answers[calls] ?? 0
    calls += 1
    if (answer instanceof Error) throw answer
    return answer
  })
  const register = { tasks: async () => [triage], prune } as unknown as Register
  const retention = { others: DAY, byTask: new Map<string, number>() }
  const keeper = keepRetention(
    register,
    retention,
    (error) => errors.push(error),
    () => NOW,
    0.001,
  )
  await vi.waitFor(() => expect(calls).toBeGreaterThan(4))
  await keeper.stop()
  expect(errors).toEqual([new Error('busy')])
})
