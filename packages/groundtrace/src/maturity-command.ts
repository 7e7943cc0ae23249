import { countLedgers, feedbackMaturity, type Maturity } from '@groundtrace/prometheus'
import type { Command } from 'commander'
import type { CommonOptions } from './common-options.ts'
import { jsonText } from './json-text.ts'
import { expectTask } from './known-task.ts'
import { expectInterval, isoTime } from './ledger-filter.ts'
import type { Surroundings } from './surroundings.ts'
import { withRegister } from './with-register.ts'

interface MaturityCommandOptions extends CommonOptions {
  readonly since?: number
  readonly until?: number
}

const EXAMPLES = `
Examples:
  groundtrace maturity spam
  groundtrace maturity spam --since 2026-01-31 --until 2026-02-01 --json

Counts what the exporter of metrics has not counted yet, as a scrape would.`

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
] as const

/** A delay in the largest unit of which it is one or more. */
function delay(seconds: number): string {
  const [unit, length] = UNITS.find(([, least]) => seconds >= least) ?? ['s', 1]
  return `${Number((seconds / length).toPrecision(3))} ${unit}`
}

/** Points of the curve that are shown: of those at most so far apart, the last within each step. */
const STEP = 0.05

function curveText({ curve }: Maturity): readonly string[] {
  const shown = curve.filter(
    ({ answered }, index) =>
      index === curve.length - 1 || Math.floor(answered / STEP) < Math.floor((curve[index + 1]?.answered ?? 1) / STEP),
  )
  return shown.map(({ delaySeconds, answered, interval }) => {
    const ends = interval === undefined ? '' : ` (${interval.map(percent).join(' to ')})`
    return `  within ${delay(delaySeconds).padStart(9)}  ${percent(answered).padStart(7)}${ends}`
  })
}

/** Maturity for a person at a terminal. */
function maturityText(maturity: Maturity): string {
  const { task, predictions, answered, toCome, reason } = maturity
  const share =
    toCome === undefined
      ? `unknown: ${reason}`
      : `${percent(toCome.share)}${toCome.interval === undefined ? '' : ` (${toCome.interval.map(percent).join(' to ')})`}`
  const [of, so] = [predictions, answered].map((number) => number.toLocaleString('en-US'))
  return [
    `${task}: ${so} of ${of} predictions are answered`,
    `Of all answers within their horizon still to come: ${share}`,
    ...(maturity.curve.length === 0 ? [] : ['Predictions of this task that are answered', ...curveText(maturity)]),
  ].join('\n')
}

/** Makes `groundtrace maturity` of a command. */
export function describeMaturity(command: Command, { environment, out }: Surroundings): void {
  expectInterval(command)
    .description("what share of the answers to a task's predictions is still to come, and how long answers take")
    .argument('<task>', 'name of the task')
    .option('--since <time>', 'about predictions made from then on (default: a horizon ago)', isoTime)
    .option('--until <time>', 'and before then (default: now)', isoTime)
    .addHelpText('after', EXAMPLES)
    .action(async (task: string, { register: where, json, since, until }: MaturityCommandOptions) => {
      const maturity = await withRegister(
        where,
        environment,
        async (register) => {
          await expectTask(register, task)
          await countLedgers(register)
          return await feedbackMaturity(register, {
            task,
            ...(since === undefined ? {} : { from: since }),
            ...(until === undefined ? {} : { until }),
          })
        },
        { readOnly: false },
      )
      out(json ? jsonText(maturity) : maturityText(maturity))
    })
}
