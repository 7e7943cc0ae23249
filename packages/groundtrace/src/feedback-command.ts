import { FEEDBACK_KINDS, type Feedback, type FeedbackKind, type Register } from '@groundtrace/core'
import { Option, type Command } from 'commander'
import type { CommonOptions } from './common-options.ts'
import { describeFilter, passes, type LedgerFilter } from './ledger-filter.ts'
import { printLedger } from './ledger-listing.ts'
import { printing } from './list-command.ts'
import type { LineWriter } from './line-writer.ts'
import type { Surroundings } from './surroundings.ts'
import { iso, oneLine, saying } from './trace-text.ts'
import { shownFeedback, shownPrediction } from './without-payload.ts'

/** What `feedback` is asked for. */
interface FeedbackOptions extends LedgerFilter, CommonOptions {
  /** With users, comments and harm reports. */
  readonly payload?: true
  readonly source?: string
  readonly kind?: FeedbackKind
}

/** What somebody wrote. */
function wordsOf(feedback: Feedback): string {
  const words = [feedback.comment, feedback.kind === 'harm' ? feedback.report : undefined]
  return words.filter((word) => word !== undefined).join(' ')
}

/** Prints feedback that joined a prediction, in the order of joining. @returns how many */
async function printFeedback(register: Register, options: FeedbackOptions, write: LineWriter): Promise<number> {
  const { payload = false, json = false, limit = Number.POSITIVE_INFINITY, source, kind } = options
  return await printLedger(
    register,
    {
      ledger: 'feedback',
      keeps: ({ feedback, prediction }) =>
        passes(options, prediction, feedback.time) &&
        (source === undefined || feedback.source === source) &&
        (kind === undefined || feedback.kind === kind),
      limit,
      json,
      object: ({ feedback, prediction, ...rest }) => ({
        feedback: shownFeedback(feedback, payload),
        ...rest,
        prediction: shownPrediction(prediction),
      }),
      headings: [
        'time',
        'feedback',
        'prediction',
        'task',
        'source',
        'said',
        'status',
        ...(payload ? ['user', 'words'] : []),
      ],
      cells: ({ feedback, prediction, status, late }) => [
        iso(feedback.time),
        feedback.id,
        prediction.id,
        oneLine(prediction.task.name),
        oneLine(feedback.source),
        oneLine(saying(feedback)),
        late === true ? `${status}, late` : status,
        ...(payload ? [oneLine(feedback.user ?? ''), oneLine(wordsOf(feedback))] : []),
      ],
    },
    write,
  )
}

const EXAMPLES = `
Examples:
  groundtrace feedback --task spam --kind correction --since 2026-01-31
  groundtrace feedback --source recipient --json | jq .feedback.label
  groundtrace feedback --kind harm --payload

Feedback that waits for its prediction is shown once that has come.`

/** Makes `groundtrace feedback` of a command. */
export function describeFeedback(command: Command, surroundings: Surroundings): void {
  describeFilter(command)
    .description('feedback in the order of joining; without users and words, unless --payload asks for them')
    .option('--source <source>', 'of this source only')
    .addOption(new Option('--kind <kind>', 'of this kind only').choices(FEEDBACK_KINDS))
    .option('--payload', 'with users, comments and harm reports, which may be personal')
    .addHelpText('after', EXAMPLES)
    .action(printing(printFeedback, 'feedback', surroundings))
}
