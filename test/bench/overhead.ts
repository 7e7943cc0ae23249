import { execFile } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type { CaseName } from './overhead-cases.ts'
import type { OverheadFigures, OverheadRequest } from './overhead-run.ts'
import { atMost, median, type Benchmark, type Case } from './report.ts'

const SIZES = {
  quick: { rounds: 45, predictions: 2000 },
  full: { rounds: 180, predictions: 5000 },
}
const HEAP = { rounds: 9, predictions: 500 }
const GROWTH = { warmUp: 100_000, predictions: 1_000_000 }

const PEERS = ['@langfuse/tracing', '@arizeai/openinference-core', 'langsmith'] as const

/** A process of its own: one global tracer provider, and the flags that the measure needs. */
async function run<T>(request: OverheadRequest, flags: readonly string[] = []): Promise<T> {
  const program = join(import.meta.dirname, 'overhead-run.ts')
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=source', '--disable-warning=ExperimentalWarning', ...flags, program, JSON.stringify(request)],
    // No variable of this shell may switch a peer on to a service, or off.
    { env: { PATH: process.env['PATH'] } },
  )
  return JSON.parse(stdout) as T
}

/** Median, over the rounds, of one case against another in the same round. */
function ratio(figures: OverheadFigures, name: CaseName, to: CaseName): number {
  return median(figures[name].map((figure, round) => figure / (figures[to][round] ?? Number.NaN)))
}

function casesOf(figures: OverheadFigures, unit: string): Readonly<Record<string, Case>> {
  const to = 'raw span + log event'
  return Object.fromEntries(
    (Object.entries(figures) as [CaseName, readonly number[]][]).map(([name, values]) => [
      unit === 'ns/op' ? name : `${name}: heap`,
      {
        median: median(values),
        min: Math.min(...values),
        unit,
        ratio: ratio(figures, name, to),
        to: unit === 'ns/op' ? to : `${to}: heap`,
      },
    ]),
  )
}

/**
 * What a prediction costs that is tracked: by nothing, by hand with OpenTelemetry, by ours and by peers, in turns in one
 * process, all with processors that swallow what they get. Peers get no more and write less: an input and an output.
 */
export const overhead: Benchmark = async ({ full, say }) => {
  const busy = loadavg()[0] ?? 0
  say(`Load is ${busy.toFixed(2)} on ${availableParallelism()} processors. Processor time…`)
  const time = await run<OverheadFigures>({ measure: 'time', ...(full ? SIZES.full : SIZES.quick) })
  say('Heap…')
  const heap = await run<OverheadFigures>({ measure: 'heap', ...HEAP }, ['--expose-gc', '--max-semi-space-size=256'])
  say(`Growth over ${GROWTH.predictions} predictions…`)
  const growth = await run<number>({ measure: 'growth', ...GROWTH }, ['--expose-gc'])
  const cheapest = PEERS.toSorted((a, b) => median(time[a]) - median(time[b]))[0] ?? PEERS[0]
  return {
    cases: { ...casesOf(time, 'ns/op'), ...casesOf(heap, 'B/op') },
    goals: [
      atMost(
        'sampled-over-floor',
        'ours, sampled, of a raw span and log event with the same attributes',
        ratio(time, 'ours, sampled', 'raw span + log event'),
        1.25,
      ),
      atMost(
        'sampled-below-peers',
        `ours, sampled, of the cheapest peer (${cheapest})`,
        ratio(time, 'ours, sampled', cheapest),
        1,
      ),
      atMost(
        'unsampled-below-span',
        'ours, unsampled, with its event, of a raw span that is sampled',
        ratio(time, 'ours, unsampled', 'raw span'),
        1,
      ),
      atMost('heap-flat', 'bytes that the heap grows by for each of a million predictions', growth, 1),
    ],
  }
}
