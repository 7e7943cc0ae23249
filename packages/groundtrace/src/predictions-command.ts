import type { Register } from '@groundtrace/core'
import type { Command } from 'commander'
import type { CommonOptions } from './common-options.ts'
import { describeFilter, passes, type LedgerFilter } from './ledger-filter.ts'
import { printLedger } from './ledger-listing.ts'
import { printing } from './list-command.ts'
import type { LineWriter } from './line-writer.ts'
import type { Surroundings } from './surroundings.ts'
import { iso, oneLine } from './trace-text.ts'
import { shownPrediction } from './without-payload.ts'

/** What `predictions` is asked for. */
interface PredictionsOptions extends LedgerFilter, CommonOptions {
  /** With features and users. */
  readonly payload?: true
}

/** Prints predictions, oldest first. @returns how many */
async function printPredictions(register: Register, options: PredictionsOptions, write: LineWriter): Promise<number> {
  const { payload = false, json = false, limit = Number.POSITIVE_INFINITY } = options
  return await printLedger(
    {
      page: (after) => register.read('predictions', { after }),
      keeps: (prediction) => passes(options, prediction, prediction.time),
      limit,
      json,
      object: (prediction) => shownPrediction(prediction, payload),
      headings: ['made', 'prediction', 'task', 'model', 'said', ...(payload ? ['user', 'features'] : [])],
      cells: ({ time, id, task, model, value, error, user, features }) => [
        iso(time),
        id,
        oneLine(task.name),
        oneLine(`${model.name} ${model.version}`),
        value === undefined ? `failed: ${oneLine(error ?? 'unknown')}` : oneLine(value),
        ...(payload ? [oneLine(user ?? ''), features === undefined ? '' : oneLine(features)] : []),
      ],
    },
    write,
  )
}

const EXAMPLES = `
Examples:
  groundtrace predictions --task spam --since 2026-01-31 --limit 20
  groundtrace predictions --model filter --version 2-8ca89615 --json | jq .value
  groundtrace predictions --json --payload > with-features.ndjson`

/** Makes `groundtrace predictions` of a command. */
export function describePredictions(command: Command, surroundings: Surroundings): void {
  describeFilter(command)
    .description('predictions, oldest first; without features and users, unless --payload asks for them')
    .option('--payload', 'with features and users, which may be personal')
    .addHelpText('after', EXAMPLES)
    .action(printing(printPredictions, 'prediction', surroundings))
}
