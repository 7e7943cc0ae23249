import { FEEDBACK_KINDS, type FeedbackKind, type Register } from '@groundtrace/core'
import { Option, type Command } from 'commander'
import type { CommonOptions } from './common-options.ts'
import { describeFilter, passes, type LedgerFilter } from './ledger-filter.ts'
import { printLedger } from './ledger-listing.ts'
import { printing } from './list-command.ts'
import type { LineWriter } from './line-writer.ts'
import type { Surroundings } from './surroundings.ts'
import { iso, oneLine, saying, wordsOf } from './trace-text.ts'
import { printWaiting } from './waiting-feedback.ts'
import { shownFeedback, shownPrediction } from './without-payload.ts'

/** What `feedback` is asked for. */
interface FeedbackOptions extends LedgerFilter, CommonOptions {
  /** With users, comments and harm reports. */
  readonly payload?: true
  readonly source?: string
  readonly kind?: FeedbackKind
  /** What waits for its prediction, in the place of what joined one. */
  readonly waiting?: true
}

/** Prints feedback that joined a prediction, in the order of joining. @returns how many */
async function printFeedback(register: Register, options: FeedbackOptions, write: LineWriter): Promise<number> {
  const { payload = false, json = false, limit = Number.POSITIVE_INFINITY, source, kind } = options
  return await printLedger(
    {
      page: (after) => register.read('feedback', { after }),
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

const print: typeof printFeedback = async (register, options, write) =>
  options.waiting === true
    ? await printWaiting(register, options, write)
    : await printFeedback(register, options, write)

const EXAMPLES = `
Examples:
  groundtrace feedback --task spam --kind correction --since 2026-01-31
  groundtrace feedback --source recipient --json | jq .feedback.label
  groundtrace feedback --kind harm --payload
  groundtrace feedback --waiting

Feedback that waits for its prediction is shown once that has come, and by --waiting until then.`

/** Makes `groundtrace feedback` of a command. */
export function describeFeedback(command: Command, surroundings: Surroundings): void {
  describeFilter(command)
    .description('feedback in the order of joining; without users and words, unless --payload asks for them')
    .option('--source <source>', 'of this source only')
    .addOption(new Option('--kind <kind>', 'of this kind only').choices(FEEDBACK_KINDS))
    .option('--payload', 'with users, comments and harm reports, which may be personal')
    .option('--waiting', 'what waits for its prediction, which the register does not know')
    .addHelpText('after', EXAMPLES)
    .hook('preAction', () => {
      const { waiting, task, model, version } = command.opts<FeedbackOptions>()
      if (waiting !== true || (task ?? model ?? version) === undefined) return
      command.error('Of what waits the prediction is not known: --waiting goes without --task, --model and --version.')
    })
    .action(printing(print, 'feedback', surroundings))
}
