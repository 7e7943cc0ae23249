import { isName, quote } from '@groundtrace/core'
import { invalidArgument } from './arguments.ts'

/** Lines lost, by reason. */
export type Loss = Readonly<Record<string, number>>

/** @throws GroundtraceError `invalid-argument` for a reason that is no bounded word or a number of lines that is none */
export function checkedLoss(loss: Loss): Loss {
  if (typeof loss !== 'object' || loss === null) {
    throw invalidArgument(`${quote(loss)} is no loss`, 'Pass lines by reason')
  }
  for (const [reason, lines] of Object.entries(loss)) {
    if (!isName(reason) || !Number.isSafeInteger(lines) || lines < 0) {
      throw invalidArgument(
        `Loss ${quote(reason)} of ${quote(lines)} lines can't be counted`,
        'Name each reason with a bounded word and count whole lines from 0',
      )
    }
  }
  return loss
}
