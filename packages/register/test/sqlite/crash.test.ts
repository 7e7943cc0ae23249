import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Register, TrackingId } from '@groundtrace/core'
import { expect, it } from 'vitest'
import { openSqliteRegister } from '../../src/index.ts'
import { examineSqliteRegister } from '../../src/sqlite.ts'
import { wholeLedger } from '../../src/testing/fixtures.ts'
import { seeded, type Random } from '../../src/testing/random-world.ts'
import { expectSound } from '../sound.ts'
import { temporaryPath } from '../temporary-folder.ts'
import { byPhase } from './crash-count.ts'
import { CALL, lineOf } from './sealing-lines.ts'

interface Acknowledged {
  readonly predictions: Set<TrackingId>
  readonly feedback: Set<TrackingId>
}

/** After so many acknowledgements the writer is killed, again and again over one file. */
const KILLED_AFTER = [1, 2, 3, 7, 14, 29, 61, 90]

const program = fileURLToPath(new URL('crash-program.ts', import.meta.url))
const sealingProgram = fileURLToPath(new URL('sealing-program.ts', import.meta.url))

/** Runs the writer, kills it, and adds what it acknowledged, up to the last line that came through. */
async function killAfter(path: string, first: number, acknowledgements: number, all: Acknowledged): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=source', program, path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  let seen = 0
  for await (const line of createInterface(child.stdout)) {
    const { predictions = [], feedback = [] } = JSON.parse(line) as { [K in keyof Acknowledged]?: TrackingId[] }
    for (const id of predictions) all.predictions.add(id)
    for (const id of feedback) all.feedback.add(id)
    seen += 1
    if (seen === acknowledgements) child.kill('SIGKILL')
  }
  expect(await exit).toEqual([null, 'SIGKILL'])
}

/** Every figure of the register against a count of its own ledgers. */
async function expectRecounted(register: Register): Promise<void> {
  while ((await register.advance('crash', 'outcomes', byPhase, 100)) > 0);
  const [predictions, feedback, outcomes] = await Promise.all([
    wholeLedger(register, 'predictions', 500),
    wholeLedger(register, 'feedback', 500),
    wholeLedger(register, 'outcomes', 500),
  ])
  const totals = await register.totals()
  const latest = new Map(outcomes.map(({ outcome }) => [outcome.prediction, outcome]))
  expect(totals).toMatchObject({
    predictions: predictions.length,
    feedback: { stored: feedback.length },
    outcomes: { settled: [...latest.values()].filter(({ state }) => state === 'settled').length },
    open: predictions.length - latest.size,
  })
  const made = (await register.versions()).reduce((sum, version) => sum + version.predictions, 0)
  expect(made).toBe(predictions.length)
  const early = outcomes.filter(({ outcome }) => outcome.phase === 'early').length
  const horizon = outcomes.filter(({ outcome }) => outcome.phase === 'horizon').length
  const late = outcomes.length - early - horizon
  expect((await register.counts()).map(({ labels, value }) => [labels['phase'], value])).toEqual(
    [['early', early] as const, ['horizon', horizon] as const, ['late', late] as const].filter(
      ([, value]) => value > 0,
    ),
  )
  for (const lines of [predictions.map(({ id }) => id), feedback.map((line) => line.feedback.id)]) {
    expect(new Set(lines).size).toBe(lines.length)
  }
  const keys = outcomes.map(({ outcome }) => `${outcome.prediction} ${outcome.version}`)
  expect(new Set(keys).size).toBe(keys.length)
  expect(new Set(outcomes.filter(({ outcome }) => outcome.phase === 'horizon').map((l) => l.prediction.id)).size).toBe(
    horizon,
  )
}

it('a writer killed at any moment loses and doubles nothing that it acknowledged', { timeout: 60_000 }, async () => {
  const path = temporaryPath()
  const all: Acknowledged = { predictions: new Set(), feedback: new Set() }
  for (const [round, acknowledgements] of KILLED_AFTER.entries()) {
    await killAfter(path, 1 + round * 10_000, acknowledgements, all)
    const register = openSqliteRegister({ path })
    await expectRecounted(register)
    const missing = []
    for (const id of all.predictions) if ((await register.prediction(id)) === undefined) missing.push(id)
    for (const id of all.feedback) if ((await register.feedback(id)) === undefined) missing.push(id)
    expect(missing).toEqual([])
    await register.close()
  }
  // At least the acknowledgements that the kills waited for came through.
  expect(all.predictions.size).toBeGreaterThanOrEqual(20 * 50)
})

/** About as long as a call takes that seals, in milliseconds. */
const SEALING = 400

/** Kills a writer that seals keys in every call, at any moment of its second call or so. @returns calls it was told are kept */
async function killSealing(path: string, calls: number, random: Random): Promise<number> {
  const child = spawn(process.execPath, ['--conditions=source', sealingProgram, path, String(calls)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  let acknowledged = calls
  for await (const line of createInterface(child.stdout)) {
    acknowledged = Number(line)
    if (acknowledged > calls + 1) continue
    setTimeout(() => child.kill('SIGKILL'), random() * SEALING)
  }
  expect(await exit).toEqual([null, 'SIGKILL'])
  return acknowledged
}

it(
  'a writer killed while it seals keys leaves whole calls, and keys that lead to every line',
  { timeout: 60_000 },
  async () => {
    const path = temporaryPath()
    const random = seeded(11)
    let calls = 0
    for (let kill = 0; kill < 3; kill += 1) {
      const acknowledged = await killSealing(path, calls, random)
      const register = openSqliteRegister({ path })
      const { predictions } = await register.totals()
      calls = predictions / CALL
      // The call that was under way may be kept, or not; never half of it.
      expect([acknowledged, acknowledged + 1]).toContain(calls)
      for (const { id } of [7, predictions - 1].map(lineOf)) expect((await register.prediction(id))?.id).toBe(id)
      expect(await register.prediction(lineOf(predictions).id)).toBeUndefined()
      await register.close()
    }
    expectSound(examineSqliteRegister({ path }))
  },
)
