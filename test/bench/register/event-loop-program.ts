// A service that predicts at a steady pace, with and without the embedded register in turns; says the delays of its event
// loop.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { createPipeline, tracePrediction, type Pipeline } from '@groundtrace/instrumentation'
import { openSqliteRegister, registerProcessor } from '@groundtrace/register'
import { TASK } from './material.ts'

const [path = '', seconds = '3', rounds = '4'] = process.argv.slice(2)

/** Each 10 milliseconds so many predictions: 1,000 a second. */
const EVERY_MS = 10
const AT_ONCE = 10

function serviceOn(pipeline: Pipeline | undefined): (length: number) => Promise<unknown> {
  return tracePrediction((length: number) => (length % 3 === 0 ? 'spam' : 'ham'), {
    task: TASK,
    model: { name: 'filter', version: '1' },
    pipeline,
    features: { '*': 'keep' },
    describe: (value, { args: [length] }) => ({
      value,
      scores: { [value]: 0.9 },
      entity: `mail-${length}`,
      features: { length, words: Array.from({ length: 50 }, (_, at) => at + length) },
    }),
  })
}

/** @returns the 99th percentile of the delay, in milliseconds */
async function delayOf(predict: (length: number) => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const end = performance.now() + Number(seconds) * 1000
  for (let number = 0; performance.now() < end; number += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => predict(number + at)))
    await setTimeout(EVERY_MS)
  }
  delay.disable()
  return delay.percentile(99) / 1e6
}

const register = openSqliteRegister({ path, tasks: [TASK] })
const pipeline = createPipeline({ processors: [registerProcessor(register, { tasks: [TASK] })] })
const services = { without: serviceOn(undefined), with: serviceOn(pipeline) }
const delays = { without: [] as number[], with: [] as number[] }
for (let round = 0; round <= Number(rounds); round += 1) {
  for (const name of ['without', 'with'] as const) {
    const delay = await delayOf(services[name])
    await pipeline.forceFlush()
    // The first round warms up.
    if (round > 0) delays[name].push(delay)
  }
}
const { predictions, loss } = await register.totals()
await pipeline.shutdown()
await register.close()
process.stdout.write(JSON.stringify({ delays, predictions, loss }))
