import { expect, test } from 'vitest'
import { teller } from '../../src/serve/teller.ts'

test('tells a reason at once, then not again for ten seconds, then how often it was since', () => {
  let now = 0
  const lines: string[] = []
  const tell = teller(
    (line) => lines.push(line),
    () => now,
  )
  tell('invalid-event', 2, 'a cause')
  tell('register-unavailable', 0, new Error('The disk is full. Free some.'))
  for (now = 1000; now < 10_000; now += 1000) tell('invalid-event', 3, 'another cause')
  expect(lines).toEqual([
    'invalid-event: 2 lines rejected. a cause',
    'register-unavailable: The disk is full. Free some.',
  ])
  now = 10_000
  tell('invalid-event', 1, undefined)
  expect(lines.slice(2)).toEqual(['invalid-event: 28 lines rejected. (9 times more since)'])
  now = 20_000
  tell('invalid-event', 0, { odd: 1 })
  expect(lines.slice(3)).toEqual(['invalid-event: { odd: 1 }'])
})
