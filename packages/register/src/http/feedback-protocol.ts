import { isTrackingId, type Feedback, type Receipt, type Register } from '@groundtrace/core'
import { readFeedback, type FeedbackRequest } from './feedback-request.ts'
import type { Intake, Protocol } from './intake.ts'
import type { LineStore } from './line-store.ts'
import { problem } from './problem.ts'
import { Refusal } from './refusal.ts'

const JSON_TYPE = /^application\/json *(;|$)/i

/** Feedback over plain HTTP: JSON in, a receipt for each line out. */
export function feedbackProtocol({ settings, counter, lines }: Intake): Protocol {
  const { register, now } = settings
  return {
    expect(request) {
      if (JSON_TYPE.test(request.headers.get('content-type') ?? '')) return
      throw new Refusal(415, 'The body is of another type. Send application/json.')
    },
    refuse: (_, refusal) => problem(refusal),
    async store(request, body) {
      const feedback = readFeedback(request, body, now())
      const receipts = await append(feedback, lines, register)
      for (const { status } of receipts) counter.lines(status)
      return answer(feedback, receipts)
    },
  }
}

/**
 * Appends the lines. A line whose time was set here gets that of its first arrival when it comes again: else a retry would
 * be another line under the same ID.
 */
async function append(
  { lines, isTimed }: FeedbackRequest,
  store: LineStore,
  register: Register,
): Promise<readonly Receipt[]> {
  const timesHere = lines.map((line, index) => (isTimed[index] === true ? line : undefined))
  const firsts = await Promise.all(timesHere.map(async (line) => await firstOf(register, line)))
  const receipts = await store.appendFeedback(lines.map((line, index) => firsts[index] ?? line))
  // The first arrival came between the look and the append.
  const met = timesHere.map((line, index) =>
    receipts[index]?.status === 'conflict' && firsts[index] === undefined ? line : undefined,
  )
  if (met.every((line) => line === undefined)) return receipts
  const again = await Promise.all(met.map(async (line) => await firstOf(register, line)))
  const [...answers] = await store.appendFeedback(again.filter((line) => line !== undefined))
  return receipts.map((receipt, index) => (again[index] === undefined ? receipt : (answers.shift() ?? receipt)))
}

/** The line with the time under which its ID is known already; undefined when it is not. */
async function firstOf(register: Register, line: Feedback | undefined): Promise<Feedback | undefined> {
  const known = isTrackingId(line?.id) ? await register.feedback(line.id) : undefined
  return known === undefined || line === undefined ? undefined : { ...line, time: known.feedback.time }
}

const TAKEN: ReadonlySet<string> = new Set(['stored', 'orphaned', 'held', 'duplicate'])

/** A list is answered by a list, whatever became of each. One line that was not taken is a problem. */
function answer({ isMany }: FeedbackRequest, receipts: readonly Receipt[]): Response {
  if (isMany) return Response.json({ receipts })
  const [receipt] = receipts
  if (receipt !== undefined && TAKEN.has(receipt.status)) return Response.json(receipt)
  return problem(new Refusal(422, receipt?.reason ?? 'It was not taken.'), { receipt })
}
