import { afterAll, expect, test } from 'vitest'
import { createReceiver } from '../../src/http.ts'
import { turns } from '../../src/http/turns.ts'
import { faultyRegister } from '../events.ts'
import { postJson } from './requests.ts'

const { register } = faultyRegister()
const receiver = createReceiver({ register })
afterAll(() => register.close())

/** Calls at every turn of the event loop until the work is done. */
async function atEveryTurn(look: () => void, work: () => Promise<unknown>): Promise<void> {
  let next = setImmediate(again)
  function again(): void {
    look()
    next = setImmediate(again)
  }
  await work()
  clearImmediate(next)
}

test('whoever asks for a turn of the event loop shares it with nobody', async () => {
  const turn = turns()
  let number = 0
  const given: number[] = []
  await atEveryTurn(
    () => (number += 1),
    () =>
      Promise.all(
        [1, 2, 3].map(async () => {
          await turn()
          given.push(number)
        }),
      ),
  )
  expect(new Set(given).size).toBe(3)
})

test('large bodies that come at once are read one after the other, with others heard in between', async () => {
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'x'.repeat(100_000) } }] }] }] }
  let read = 0
  let mostAtOnce = 0
  await atEveryTurn(
    () => {
      const { ignored } = receiver.counts().lines
      mostAtOnce = Math.max(mostAtOnce, ignored - read)
      read = ignored
    },
    () => Promise.all(Array.from({ length: 10 }, async () => await receiver.logs(postJson(body)))),
  )
  expect(receiver.counts().lines.ignored).toBe(10)
  expect(mostAtOnce).toBe(1)
})
