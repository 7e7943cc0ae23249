import { isRecord } from '@groundtrace/core'
import type { AnswerFault } from './answer.ts'

/** What a page can enter at the most is far below: a question per class and four more. */
const MOST_ENTRIES = 1000

/** What was entered, by question: its kind and its value, still unread. */
export interface Entry {
  readonly type: string
  readonly value: unknown
}

/** Longest name and kind of a question that is looked at. */
const LONGEST_NAME = 1024

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME

/**
 * What was entered, by the name of the question. Of a question that is answered twice nothing is taken.
 * @param result from anybody: the server takes everything
 * @param asked names of the questions
 */
export function controlsOf(
  result: unknown,
  asked: ReadonlySet<string>,
  faults: Set<AnswerFault>,
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>()
  // The server has null where nothing was entered.
  if (result === null || result === undefined) return entries
  if (!Array.isArray(result)) {
    faults.add('malformed')
    return entries
  }
  if (result.length > MOST_ENTRIES) {
    faults.add('too-large')
    return entries
  }
  const repeated = new Set<string>()
  for (const region of result as readonly unknown[]) {
    const { from_name: name, type, value }: Readonly<Record<string, unknown>> = isRecord(region) ? region : {}
    if (!isText(name) || !isText(type)) faults.add('malformed')
    else if (!asked.has(name)) faults.add('foreign-control')
    else if (entries.has(name)) repeated.add(name)
    else entries.set(name, { type, value })
  }
  for (const name of repeated) {
    faults.add('repeated-control')
    entries.delete(name)
  }
  return entries
}
