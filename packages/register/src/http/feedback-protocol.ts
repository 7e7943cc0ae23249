import type { Feedback, Receipt, Register } from '@groundtrace/core'
import { receipt } from '../receipt.ts'
import { readFeedback, type RequestedLine } from './feedback-request.ts'
import type { Intake, Protocol } from './intake.ts'
import type { LineStore } from './line-store.ts'
import { problem } from './problem.ts'
import { Refusal } from './refusal.ts'

const JSON_TYPE = /^application\/json *(;|$)/i

/** Feedback over plain HTTP: JSON in, a receipt for each line out. */
export function feedbackProtocol({ settings, counter, losses, lines }: Intake): Protocol {
  const { register, now, onDiagnostic } = settings

  /** As with OTLP: what is no feedback never comes to the register, which could not count it. */
  async function lose(refused: readonly Receipt[]): Promise<void> {
    const last = refused.at(-1)
    if (last === undefined) return
    losses.lose('invalid-feedback', refused.length, last.reason)
    losses.tell(onDiagnostic)
    await losses.record(register)
  }

  return {
    expect(request) {
      if (JSON_TYPE.test(request.headers.get('content-type') ?? '')) return
      throw new Refusal(415, 'The body is of another type. Send application/json.')
    },
    refuse: (_, refusal) => problem(refusal),
    async store(request, body) {
      const { lines: requested, isMany } = readFeedback(request, body, now())
      const good = requested.filter((line) => 'feedback' in line)
      const stored = (await append(good, lines, register)).values()
      const refused: Receipt[] = []
      const receipts = requested.map((line) => {
        if ('feedback' in line) return stored.next().value as Receipt
        const refusal = receipt(line.id, 'rejected', line.refusal)
        refused.push(refusal)
        return refusal
      })
      for (const { status } of receipts) counter.lines(status)
      await lose(refused)
      return answer(isMany, receipts)
    },
  }
}

type Sent = Extract<RequestedLine, { readonly feedback: Feedback }>

/**
 * Appends the lines. A line whose time was set here gets that of its first arrival when it comes again: else a retry would
 * be another line under the same ID.
 */
async function append(lines: readonly Sent[], store: LineStore, register: Register): Promise<readonly Receipt[]> {
  const timesHere = lines.map(({ feedback, isTimed }) => (isTimed ? feedback : undefined))
  const firsts = await Promise.all(timesHere.map(async (line) => await firstOf(register, line)))
  const receipts = await store.appendFeedback(lines.map(({ feedback }, index) => firsts[index] ?? feedback))
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
  const known = line === undefined ? undefined : await register.feedback(line.id)
  return known === undefined || line === undefined ? undefined : { ...line, time: known.feedback.time }
}

const TAKEN: ReadonlySet<string> = new Set(['stored', 'orphaned', 'held', 'duplicate'])

/** A list is answered by a list, whatever became of each. One line that was not taken is a problem. */
function answer(isMany: boolean, receipts: readonly Receipt[]): Response {
  if (isMany) return Response.json({ receipts })
  const [receipt] = receipts
  if (receipt !== undefined && TAKEN.has(receipt.status)) return Response.json(receipt)
  return problem(new Refusal(422, receipt?.reason ?? 'It was not taken.'), { receipt })
}
