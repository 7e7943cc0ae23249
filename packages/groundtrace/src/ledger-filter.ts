import type { Prediction } from '@groundtrace/core'
import { InvalidArgumentError, type Command } from 'commander'
import { iso } from './trace-text.ts'

/** Which lines of a ledger are shown, as the command line says it. */
export interface LedgerFilter {
  readonly task?: string
  readonly model?: string
  readonly version?: string
  /** Event time from which on; milliseconds since 1970. */
  readonly since?: number
  /** Event time before which. */
  readonly until?: number
  /** Lines at most. */
  readonly limit?: number
}

/** A date, or a date with a time and its zone: without the zone it would mean another time on another machine. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/

/** Milliseconds since 1970. @throws InvalidArgumentError */
export function isoTime(text: string): number {
  const time = ISO_TIME.test(text) ? Date.parse(text) : Number.NaN
  // The engine reads the 31st of February as a day of March.
  const isReal =
    !Number.isNaN(time) && new Date(Date.parse(text.slice(0, 10))).toISOString().startsWith(text.slice(0, 10))
  if (isReal) return time
  throw new InvalidArgumentError('Give an ISO time with its zone, such as 2026-01-31T08:00:00Z, or a date (UTC).')
}

function lineLimit(text: string): number {
  const limit = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (limit > 0) return limit
  throw new InvalidArgumentError('Give a whole number from 1 on.')
}

/** Refuses an interval in which no time lies, before the command looks for a register. */
export function expectInterval(command: Command): Command {
  return command.hook('preAction', () => {
    const { since, until } = command.opts<Pick<LedgerFilter, 'since' | 'until'>>()
    if (since === undefined || until === undefined || since < until) return
    command.error(`No time lies from --since ${iso(since)} to before --until ${iso(until)}: name a later --until.`)
  })
}

/** Adds the options of a {@link LedgerFilter} to a command. */
export function describeFilter(command: Command): Command {
  return expectInterval(command)
    .option('--task <name>', 'of this task only')
    .option('--model <name>', 'of this model only')
    .option('--version <version>', 'of this model version only')
    .option('--since <time>', 'from this event time on: an ISO time, or a date', isoTime)
    .option('--until <time>', 'before this event time', isoTime)
    .option('--limit <lines>', 'lines at most (default: all)', lineLimit)
}

/** Whether a line is shown. @param time of the line, event time */
export function passes(filter: LedgerFilter, { task, model }: Prediction, time: number): boolean {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = filter
  return (
    time >= since &&
    time < until &&
    (filter.task === undefined || task.name === filter.task) &&
    (filter.model === undefined || model.name === filter.model) &&
    (filter.version === undefined || model.version === filter.version)
  )
}
