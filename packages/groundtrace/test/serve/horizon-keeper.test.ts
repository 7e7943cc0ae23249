import type { Register } from '@groundtrace/core'
import { expect, test, vi } from 'vitest'
import { keepHorizons } from '../../src/serve/horizon-keeper.ts'

/** A register that has so many predictions to close, or fails. */
function closing(...answers: readonly (number | Error)[]) {
  const left = [...answers]
  const closeHorizons = vi.fn<Register['closeHorizons']>(async () => {
    const answer = left.shift() ?? 0
    if (answer instanceof Error) throw answer
    return answer
  })
  return { register: { closeHorizons } as unknown as Register, closeHorizons }
}

test('closes at once, in goes, until there is nothing left', async () => {
  const { register, closeHorizons } = closing(500, 500, 7)
  const keeper = keepHorizons(register, 3600, () => undefined)
  await vi.waitFor(() => expect(closeHorizons).toHaveBeenCalledTimes(3))
  await keeper.stop()
  expect(closeHorizons).toHaveBeenCalledTimes(3)
  expect(closeHorizons).toHaveBeenCalledWith({ now: expect.any(Number) as number, limit: 500 })
})

test('tells what fails, and tries again when its time has come', async () => {
  const errors: unknown[] = []
  const { register, closeHorizons } = closing(new Error('busy'))
  const keeper = keepHorizons(register, 0.001, (error) => errors.push(error))
  await vi.waitFor(() => expect(closeHorizons.mock.calls.length).toBeGreaterThan(2))
  await keeper.stop()
  expect(errors).toEqual([new Error('busy')])
})

test('waits for what runs when it is stopped, and begins nothing after it', async () => {
  const go = Promise.withResolvers<number>()
  const closeHorizons = vi.fn<Register['closeHorizons']>(() => go.promise)
  const keeper = keepHorizons({ closeHorizons } as unknown as Register, 0.001, () => undefined)
  const stopped = keeper.stop()
  expect(await Promise.race([stopped.then(() => 'stopped'), Promise.resolve('runs')])).toBe('runs')
  go.resolve(500)
  await stopped
  expect(closeHorizons).toHaveBeenCalledTimes(1)
})
