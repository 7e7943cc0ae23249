import { answerBook } from '../bridge/answer-book.ts'
import type { Outbox } from '../bridge/outbox.ts'
import type { AnswerReader } from '../truth/votes.ts'
import type { AnsweredServed } from './anchoring.ts'
import type { Served } from './pre-annotation.ts'

export interface ServedAnswersOptions {
  readonly outbox: Outbox
  /** What the ML backend told of (`onServed`), in that order: of a task that was served again the last one counts. */
  readonly served: Iterable<Pick<Served, 'key' | 'value' | 'blind'>>
  readonly readAnswer: AnswerReader
}

/**
 * Puts what the ML backend served beside what annotators then answered: what `anchoring` takes. One answer a task, the first
 * one that stands, has a label, and was written over by nobody else; tasks without one, or without a key of the bridge, are
 * left out. Reads only.
 * @throws GroundtraceError `outbox-unavailable`
 */
export function servedAnswers({ outbox, served, readAnswer }: ServedAnswersOptions): readonly AnsweredServed[] {
  const byKey = new Map<string, Pick<Served, 'value' | 'blind'>>()
  for (const { key, value, blind } of served) if (key !== undefined) byKey.set(key, { value, blind })
  return outbox.read(() => {
    const book = answerBook(outbox)
    return [...byKey].flatMap(([key, { value, blind }]): readonly AnsweredServed[] => {
      const { unit, answers = [] } = book.unit(key) ?? {}
      if (unit === undefined) return []
      const labels = answers
        .filter(({ state, content }) => state === 'standing' && !content.skipped && content.editedBy === undefined)
        .toSorted((a, b) => (a.created < b.created ? -1 : 1))
        .flatMap(({ content }) => readAnswer(content, unit.project).label ?? [])
      const [first] = labels
      return first === undefined ? [] : [{ blind, agrees: first === value }]
    })
  })
}
