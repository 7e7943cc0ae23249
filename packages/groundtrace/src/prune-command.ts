import { InvalidArgumentError, type Command } from 'commander'
import type { Totals } from '@groundtrace/core'
import { AGE_FORM, ageOf } from './age.ts'
import type { CommonOptions } from './common-options.ts'
import { jsonText } from './json-text.ts'
import { expectTask } from './known-task.ts'
import { isoTime } from './ledger-filter.ts'
import type { Surroundings } from './surroundings.ts'
import { iso } from './trace-text.ts'
import { withRegister } from './with-register.ts'

interface PruneOptions extends CommonOptions {
  readonly before?: number
  readonly olderThan?: number
  readonly task?: string
}

/** What was done. */
interface Pruning {
  /** Milliseconds since 1970. */
  readonly before: number
  /** Predictions that went now, members included. */
  readonly pruned: number
  /** What was taken out since the beginning. */
  readonly removed: Totals['removed']
}

const EXAMPLES = `
Examples:
  groundtrace prune --older-than 365d
  groundtrace prune --older-than 12w --task spam
  groundtrace prune --before 2026-01-31 --json

Only predictions go that are closed, and that every reader has read. What was counted stays counted.
The file of a SQLite register stays as large, and its space is used again; groundtrace backup makes a small copy.
groundtrace serve --keep does the same every hour.`

/** Milliseconds. @throws InvalidArgumentError */
function age(text: string): number {
  const milliseconds = ageOf(text)
  if (milliseconds !== undefined) return milliseconds
  throw new InvalidArgumentError(`Give ${AGE_FORM}.`)
}

function textOf({ before, pruned, removed }: Pruning, task: string | undefined): string {
  const whose = task === undefined ? '' : ` of task ${task}`
  const [now, ever] = [pruned, removed.pruned].map((number) => number.toLocaleString('en-US'))
  return `${now} predictions${whose} from before ${iso(before)} pruned, with all that was about them; ${ever} since the beginning.`
}

/** Makes `groundtrace prune` of a command. @param now the clock that ages are counted from */
export function describePrune(
  command: Command,
  { environment, out }: Surroundings,
  now: () => number = Date.now,
): void {
  command
    .description('remove old predictions with all that is about them: payloads, feedback, outcomes')
    .option('--before <time>', 'those made before this event time: an ISO time, or a date', isoTime)
    .option('--older-than <age>', 'those made so long ago: hours, days or weeks, as in 90d', age)
    .option('--task <name>', 'of this task only (default: all)')
    .addHelpText('after', EXAMPLES)
    .action(async (options: PruneOptions) => {
      const { before, olderThan, task, json, register: where } = options
      if ((before === undefined) === (olderThan === undefined)) command.error('Name either --before or --older-than.')
      const time = before ?? now() - (olderThan ?? 0)
      const pruning = await withRegister(
        where,
        environment,
        async (register): Promise<Pruning> => {
          await expectTask(register, task)
          const pruned = await register.prune({ before: time, ...(task === undefined ? {} : { task }) })
          return { before: time, pruned, removed: (await register.totals()).removed }
        },
        { readOnly: false },
      )
      out(json ? jsonText(pruning) : textOf(pruning, task))
    })
}
