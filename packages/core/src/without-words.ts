import { GroundtraceError } from './errors.ts'
import { isTrackingId } from './tracking-id.ts'

/** What `quote` repeats of somebody's text, and longer numbers: a phone number is one. */
const REPEATED = /"(?:\\.|[^"\\])*"|[-+]?\d[\d.e+-]{6,}/g

function emptied(message: string): string {
  return message.replaceAll(REPEATED, (repeated) => {
    if (isTrackingId(repeated.slice(1, -1))) return repeated
    return repeated.startsWith('"') ? '"…"' : '…'
  })
}

/**
 * Why something was refused, as a log may keep it. A message repeats what was wrong in it, for whoever sent it; that may be
 * what a user or a model said, an entity in the place of an ID, or a feature, and nobody can erase it from a log.
 * @param reason an error of ours, or the reason of a receipt
 * @returns the same without what was sent, tracking IDs aside, and without a cause. Anything else as it is: an error of a store
 * says nothing of the lines
 */
export function withoutWords(reason: unknown): unknown {
  if (typeof reason === 'string') return emptied(reason)
  if (!GroundtraceError.isInstance(reason) || !reason.code.startsWith('invalid-')) return reason
  const message = emptied(reason.message)
  // A message is "cause. next step."
  const [cause = '', ...nextStep] = message.replace(/\.$/, '').split('. ')
  return new GroundtraceError(reason.code, cause, nextStep.join('. '))
}
