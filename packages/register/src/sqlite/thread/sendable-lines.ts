import { GroundtraceError, type Receipt } from '@groundtrace/core'
import { claimedId, receipt } from '../../receipt.ts'

/** Lines can't be copied to another thread, as a function or a proxy in them can't. */
export class UnsendableError extends Error {
  override readonly name = 'UnsendableError'
}

function isSendable(line: unknown): boolean {
  try {
    structuredClone(line)
    return true
  } catch {
    return false
  }
}

const UNSENDABLE = "It holds what can't be copied. Pass plain data."

/** Says what its check says of a line, or else that it can't be copied: reading it may throw anything. */
function refused(line: unknown, check: (line: never) => unknown): Receipt {
  let id = ''
  try {
    id = claimedId(line as { id?: unknown })
    check(line as never)
  } catch (error) {
    if (GroundtraceError.isInstance(error)) return receipt(id, 'rejected', error.message)
  }
  return receipt(id, 'rejected', UNSENDABLE)
}

/** Appends lines, and refuses those that can't be sent without harm to those beside them. */
export async function appendSendable<Line>(
  lines: readonly Line[],
  append: (lines: readonly Line[]) => Promise<readonly Receipt[]>,
  check: (line: never) => unknown,
): Promise<readonly Receipt[]> {
  try {
    return await append(lines)
  } catch (error) {
    if (!(error instanceof UnsendableError)) throw error
  }
  const sendable = lines.filter(isSendable)
  const receipts = (await append(sendable)).values()
  const sent = new Set(sendable)
  return lines.map((line) => (sent.has(line) ? (receipts.next().value as Receipt) : refused(line, check)))
}
