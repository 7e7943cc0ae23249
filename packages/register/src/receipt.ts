import { GroundtraceError, type Receipt, type ReceiptStatus } from '@groundtrace/core'

/** What became of one line. */
export type Judgement = Omit<Receipt, 'id'>

/** The answer to one line. */
export function receipt(id: string, status: ReceiptStatus, reason?: string): Receipt {
  return reason === undefined ? { id, status } : { id, status, reason }
}

/** The ID that a line claims, whatever it is. */
export function claimedId(line: { readonly id?: unknown } | null | undefined): string {
  return typeof line?.id === 'string' ? line.id : ''
}

/** Why a line was refused, in words. Whatever is not about the line is thrown on. */
export function refusal(error: unknown): string {
  if (GroundtraceError.isInstance(error) && error.code.startsWith('invalid-')) return error.message
  throw error
}

/** Why a line was refused as it was read. Reading may throw anything: a proxy's word is not to be passed on. */
export function unread(line: { readonly id?: unknown }, error: unknown): Receipt {
  const reason = GroundtraceError.isInstance(error) ? error.message : "It can't be read. Pass plain data."
  try {
    return receipt(claimedId(line), 'rejected', reason)
  } catch {
    return receipt('', 'rejected', reason)
  }
}

/** The reason of a conflict; the same for every ledger. */
export function conflictReason(what: string): string {
  return `Another ${what} with this ID and other content is kept. If this is a retry, send the same time and content again; if it is another one, give it an ID of its own.`
}
