import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { timeAppends } from './register/appends.ts'
import { timeAsking, type AskTimes } from './register/asking.ts'
import { RECORDS, timeFeedback, timeOtlp, type HttpTimes } from './register/http.ts'
import { runProgram } from './register/program.ts'
import { atLeast, atMost, median, type Benchmark, type Case } from './report.ts'

const SIZES = {
  quick: { lines: 1_000_000, indexed: 1_000_000, otlp: 60, feedback: 4000, rounds: 5, seconds: 3, turns: 5 },
  // A table with an index of ten million random IDs takes the better part of an hour.
  full: { lines: 10_000_000, indexed: 2_000_000, otlp: 200, feedback: 20_000, rounds: 9, seconds: 10, turns: 9 },
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const middle = (values: readonly number[]): Pick<Case, 'median' | 'min'> => ({
  median: median(values),
  min: Math.min(...values),
})

/** How much of the floor's speed ours has, of the medians over rounds that were run in turns. */
const share = ({ ours, floor }: HttpTimes): number =>
  median(floor.map((milliseconds, round) => milliseconds / (ours[round] ?? Number.NaN)))

const perOperation = (milliseconds: readonly number[], operations: number): readonly number[] =>
  milliseconds.map((time) => (time * 1e6) / operations)

interface Memory {
  readonly tenth: number
  readonly all: number
}

interface Delays {
  readonly delays: { readonly with: readonly number[]; readonly without: readonly number[] }
  readonly loss: Readonly<Record<string, number>>
}

/** The embedded register and what takes lines for it over HTTP, each beside the least that could do the work. */
export const register: Benchmark = async ({ full, say }) => {
  const size = full ? SIZES.full : SIZES.quick
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-register-bench-'))
  try {
    say(`Appending ${size.lines} predictions…`)
    let asked: AskTimes | undefined
    const appends = await timeAppends(folder, size, say, async (filled) => {
      say('Asking…')
      asked = await timeAsking(filled, size.lines)
    })
    const { lookUp, join: joins, tail } = asked ?? { lookUp: [], join: [], tail: [] }
    say('OTLP over HTTP…')
    const otlp = await timeOtlp(folder, { requests: size.otlp, rounds: size.rounds })
    say('Feedback over HTTP…')
    const feedback = await timeFeedback(folder, { requests: size.feedback, rounds: size.rounds })
    say('Memory…')
    const memory = (await runProgram(
      'memory-program.ts',
      [join(folder, 'memory.db'), String(size.lines)],
      ['--max-semi-space-size=8'],
    )) as Memory
    say('Event loop…')
    const loop = (await runProgram('event-loop-program.ts', [
      join(folder, 'loop.db'),
      String(size.seconds),
      String(size.turns),
    ])) as Delays
    const turns = appends.indexed.length
    const overIndexed = sum(appends.indexed) / sum(appends.ours.slice(0, turns))
    const overBare = sum(appends.bare) / sum(appends.ours)
    const delayRatio = median(loop.delays.with.map((delay, turn) => delay / (loop.delays.without[turn] ?? Number.NaN)))
    return {
      cases: {
        append: { ...middle(appends.ours), unit: 'ns/op', ratio: 1 / overBare, to: 'bare append' },
        'bare append': { ...middle(appends.bare), unit: 'ns/op' },
        'bare append with a unique index': { ...middle(appends.indexed), unit: 'ns/op' },
        'look-up by ID': { ...middle(lookUp), unit: 'ns/op' },
        'join of a feedback': { ...middle(joins), unit: 'ns/op' },
        'outcome read': { ...middle(tail), unit: 'ns/op' },
        'OTLP prediction': {
          ...middle(perOperation(otlp.ours, size.otlp * RECORDS)),
          unit: 'ns/op',
          ratio: 1 / share(otlp),
          to: 'bare OTLP prediction',
        },
        'OTLP prediction of an undeclared task': {
          ...middle(perOperation(otlp.undeclared, size.otlp * RECORDS)),
          unit: 'ns/op',
          ratio: 1 / share({ ours: otlp.undeclared, floor: otlp.floor }),
          to: 'bare OTLP prediction',
        },
        'bare OTLP prediction': { ...middle(perOperation(otlp.floor, size.otlp * RECORDS)), unit: 'ns/op' },
        'feedback over HTTP': {
          ...middle(perOperation(feedback.ours, size.feedback)),
          unit: 'ns/op',
          ratio: 1 / share(feedback),
          to: 'bare feedback over HTTP',
        },
        'bare feedback over HTTP': { ...middle(perOperation(feedback.floor, size.feedback)), unit: 'ns/op' },
        'memory at a tenth': { median: memory.tenth, min: memory.tenth, unit: 'MB' },
        memory: {
          median: memory.all,
          min: memory.all,
          unit: 'MB',
          ratio: memory.all / memory.tenth,
          to: 'memory at a tenth',
        },
        'event-loop delay, p99': {
          ...middle(loop.delays.with.map((delay) => delay * 1e6)),
          unit: 'ns',
          ratio: delayRatio,
          to: 'event-loop delay without, p99',
        },
        'event-loop delay without, p99': { ...middle(loop.delays.without.map((delay) => delay * 1e6)), unit: 'ns' },
      },
      goals: [
        atLeast('append-over-indexed', 'appends, of bare inserts that keep a unique index', overIndexed, 4),
        atLeast('append-over-bare', 'appends, of bare inserts without any index', overBare, 0.35),
        atLeast(
          'otlp-over-floor',
          'OTLP predictions stored, of a bare server that appends the bodies',
          share(otlp),
          0.6,
        ),
        atLeast(
          'feedback-http-over-floor',
          'feedback stored, of a bare server with group commit',
          share(feedback),
          0.7,
        ),
        atMost('memory-flat', 'memory at the full size, of that at a tenth', memory.all / memory.tenth, 1.1),
        atMost('event-loop', 'event-loop delay p99, of that without the register', delayRatio, 1.5),
      ],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
