import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { openSqliteRegister, registerProcessor } from '@groundtrace/register'
import { startHost } from '../../hosts/peers/host.ts'
import { CASE_NAMES, casesOn, SPAM, type CaseName, type Predict } from './overhead-cases.ts'

/** What this program is asked for, as JSON in its first argument. */
export type OverheadRequest =
  /** Nanoseconds of processor time a prediction: every case in every round, taking turns in being first. */
  | { readonly measure: 'time'; readonly rounds: number; readonly predictions: number }
  /** Bytes that a prediction allocates on the heap. Needs `--expose-gc` and a young generation that holds a round. */
  | { readonly measure: 'heap'; readonly rounds: number; readonly predictions: number }
  /** Bytes that the heap grows by for each prediction of ours, sampled. Needs `--expose-gc`. */
  | { readonly measure: 'growth'; readonly warmUp: number; readonly predictions: number }

/** What it answers on standard output: a figure for each round, by case. */
export type OverheadFigures = Readonly<Record<CaseName, readonly number[]>>

const NANOSECONDS_IN_MICROSECOND = 1000
/** Rounds that are not counted: the compiler is still at work. */
const WARM_UP_ROUNDS = 10
/** langsmith takes ten times as long as the others: a tenth of the predictions is as exact. */
const SHARE: Partial<Record<CaseName, number>> = { langsmith: 0.1 }

interface Bench {
  readonly cases: Readonly<Record<CaseName, Predict>>
  /** Lets the register store what it was given. */
  readonly settle: () => Promise<void>
}

/** Predicts so many times. What waits for the register is stored before it returns. */
async function predictAll({ cases, settle }: Bench, name: CaseName, predictions: number): Promise<void> {
  const predict = cases[name]
  for (let index = 0; index < predictions; index += 1) {
    await predict({ key: `mail-${index}`, text: 'you have won a prize, and another one' })
  }
  if (name === 'ours, with register') await settle()
}

/** Measures every case in every round, each round beginning with another one. */
async function measured(
  bench: Bench,
  { rounds, predictions }: { readonly rounds: number; readonly predictions: number },
  measure: (run: () => Promise<void>) => Promise<number>,
): Promise<OverheadFigures> {
  const figures = Object.fromEntries(CASE_NAMES.map((name) => [name, [] as number[]])) as Record<CaseName, number[]>
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    const first = (round + WARM_UP_ROUNDS) % CASE_NAMES.length
    for (const name of [...CASE_NAMES.slice(first), ...CASE_NAMES.slice(0, first)]) {
      const count = Math.ceil(predictions * (SHARE[name] ?? 1))
      const figure = (await measure(() => predictAll(bench, name, count))) / count
      if (round >= 0) figures[name].push(figure)
    }
  }
  return figures
}

/** Of the processor, by all threads of this process: what other processes do meanwhile is not ours. */
async function nanoseconds(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) * NANOSECONDS_IN_MICROSECOND
}

async function allocatedBytes(run: () => Promise<void>): Promise<number> {
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  await run()
  return process.memoryUsage().heapUsed - before
}

async function growth(bench: Bench, warmUp: number, predictions: number): Promise<number> {
  const usedAfter = async (count: number): Promise<number> => {
    await predictAll(bench, 'ours, sampled', count)
    globalThis.gc?.()
    return process.memoryUsage().heapUsed
  }
  const before = await usedAfter(warmUp)
  return ((await usedAfter(predictions)) - before) / predictions
}

async function answer(request: OverheadRequest, bench: Bench): Promise<OverheadFigures | number> {
  if (request.measure === 'growth') return await growth(bench, request.warmUp, request.predictions)
  return await measured(bench, request, request.measure === 'heap' ? allocatedBytes : nanoseconds)
}

async function main(request: OverheadRequest): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-overhead-'))
  const host = startHost()
  const register = openSqliteRegister({ path: join(folder, 'register.db'), tasks: [SPAM] })
  const processor = registerProcessor(register, { tasks: [SPAM] })
  const bench = { cases: casesOn(host, processor), settle: () => processor.forceFlush() }
  try {
    const figures = await answer(request, bench)
    const lost = processor.loss()
    if (Object.keys(lost).length > 0) throw new Error(`The register lost predictions: ${JSON.stringify(lost)}`)
    process.stdout.write(JSON.stringify(figures))
  } finally {
    await processor.shutdown()
    await register.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

await main(JSON.parse(process.argv[2] ?? '') as OverheadRequest)
