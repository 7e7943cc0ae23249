import { OUTCOME_STATES, type OutcomeState, type Register } from '@groundtrace/core'
import { Option, type Command } from 'commander'
import type { CommonOptions } from './common-options.ts'
import { describeFilter, passes, type LedgerFilter } from './ledger-filter.ts'
import { printLedger } from './ledger-listing.ts'
import { printing } from './list-command.ts'
import type { LineWriter } from './line-writer.ts'
import type { Surroundings } from './surroundings.ts'
import { iso, oneLine } from './trace-text.ts'
import { shownPrediction } from './without-payload.ts'

/** What `outcomes` is asked for. */
interface OutcomesOptions extends LedgerFilter, CommonOptions {
  readonly state?: OutcomeState
}

function rightOf(correct: boolean | undefined): string {
  if (correct === undefined) return ''
  return correct ? 'right' : 'wrong'
}

/** Prints lines of the outcomes ledger, every version of each, in the order in which they were written. @returns how many */
async function printOutcomes(register: Register, options: OutcomesOptions, write: LineWriter): Promise<number> {
  const { json = false, limit = Number.POSITIVE_INFINITY, state } = options
  return await printLedger(
    {
      page: (after) => register.read('outcomes', { after }),
      keeps: ({ outcome, prediction }) =>
        passes(options, prediction, outcome.time) && (state === undefined || outcome.state === state),
      limit,
      json,
      object: ({ outcome, prediction, members, recorded }) => ({
        outcome,
        recorded,
        prediction: shownPrediction(prediction),
        ...(members === undefined ? {} : { members: members.map((member) => shownPrediction(member)) }),
      }),
      headings: ['time', 'prediction', 'task', 'model', 'outcome', 'state', 'phase', 'truth', 'said', 'prediction was'],
      cells: ({ outcome, prediction }) => [
        iso(outcome.time),
        prediction.id,
        oneLine(prediction.task.name),
        oneLine(`${prediction.model.name} ${prediction.model.version}`),
        String(outcome.version),
        outcome.state,
        outcome.phase,
        outcome.label === undefined ? '' : oneLine(outcome.label),
        prediction.value === undefined ? '' : oneLine(prediction.value),
        rightOf(outcome.correct),
      ],
    },
    write,
  )
}

const EXAMPLES = `
Examples:
  groundtrace outcomes --task spam --state contested
  groundtrace outcomes --since 2026-01-31 --until 2026-02-01 --json | jq 'select(.outcome.phase == "horizon")'

A prediction whose verdict changed has a line for each version; the last one holds.`

/** Makes `groundtrace outcomes` of a command. */
export function describeOutcomes(command: Command, surroundings: Surroundings): void {
  describeFilter(command)
    .description('what was held to be true of predictions: lines of the outcomes ledger, oldest first')
    .addOption(new Option('--state <state>', 'lines of this state only').choices(OUTCOME_STATES))
    .addHelpText('after', EXAMPLES)
    .action(printing(printOutcomes, 'outcome', surroundings))
}
