import { deploymentEvent, feedbackEvent, predictionEvent, type LogEvent, type Register } from '@groundtrace/core'
import type { Timer, Timers } from '../src/index.ts'
import { openSqliteRegister } from '../src/index.ts'
import { prediction, rated, START, TASKS } from '../src/testing/fixtures.ts'

export const predicted = (number: number): LogEvent => predictionEvent(prediction(number))
/** A version of the model `filter` was seen to predict, `minutes` after the start. */
export const seen = (version: string, minutes = 0): LogEvent =>
  deploymentEvent({ model: 'filter', version, time: START + minutes * 60_000 })
export const said = (number: number, about: number): LogEvent => feedbackEvent(rated(number, about, true))

/** Timers that run when the test says so. */
export class ManualTimers implements Timers {
  readonly running: { readonly milliseconds: number; readonly run: () => void; alive: boolean }[] = []

  setTimeout(run: () => void, milliseconds: number): Timer {
    const entry = { milliseconds, run, alive: true }
    this.running.push(entry)
    return Object.assign(entry, {
      ref: () => (entry.alive = true),
      unref: () => (entry.alive = false),
    })
  }

  clearTimeout(timer: Timer): void {
    this.running.splice(0, this.running.length, ...this.running.filter((entry) => entry !== timer))
  }

  /** Lets the next timer run, and everything that follows from it without another. @returns how long it was to wait */
  async next(): Promise<number | undefined> {
    const entry = this.running.shift()
    entry?.run()
    await settled()
    return entry?.milliseconds
  }
}

/** Resolves when every promise that is ready has been taken up. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** A register in memory whose methods fail while `down` says so. */
export interface Faulty {
  readonly register: Register
  /** What appends and loss entries throw; undefined when they work. */
  down: unknown
  /** Names of the methods called, in order. */
  readonly calls: string[]
}

const WATCHED = new Set(['appendPredictions', 'appendFeedback', 'appendLineage', 'recordLoss'])

export function faultyRegister(): Faulty {
  const inner = openSqliteRegister({ thread: 'caller', path: ':memory:', tasks: TASKS })
  const faulty: Faulty = {
    down: undefined,
    calls: [],
    register: new Proxy(inner, {
      get(target, name, receiver) {
        const method: unknown = Reflect.get(target, name, receiver)
        if (typeof method !== 'function' || !WATCHED.has(String(name))) return method
        return async (...given: unknown[]) => {
          faulty.calls.push(String(name))
          if (faulty.down !== undefined) throw faulty.down
          return (await method.apply(target, given)) as unknown
        }
      },
    }),
  }
  return faulty
}
