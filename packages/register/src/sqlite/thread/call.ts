import type { Driver } from '../../checked-register.ts'
import { GroundtraceError, type ErrorCode } from '@groundtrace/core'

/** A call of a method of the driver in the other thread. */
export interface Call {
  readonly number: number
  readonly method: string
  readonly args: readonly unknown[]
  /** What the register's clock says: a clock is a function, and can't be sent. */
  readonly now: number
}

/** How a call ended. */
export type Reply =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: SentError }

/** What the thread says first. */
export type Opened = { readonly facts: Pick<Driver, 'name' | 'capabilities'> } | { readonly error: SentError }

/** An error as it can be sent: a copy made by the platform would lose its class. */
export interface SentError {
  readonly code: ErrorCode | undefined
  readonly message: string
  readonly stack: string | undefined
  readonly cause: SentError | undefined
}

export function sentError(error: unknown): SentError {
  const isError = error instanceof Error
  return {
    code: GroundtraceError.isInstance(error) ? error.code : undefined,
    message: isError ? error.message : String(error),
    stack: isError ? error.stack : undefined,
    cause: isError && error.cause !== undefined ? sentError(error.cause) : undefined,
  }
}

export function receivedError({ code, message, stack, cause }: SentError): Error {
  const options = cause === undefined ? {} : { cause: receivedError(cause) }
  const error =
    code === undefined ? new Error(message, options) : new GroundtraceError(code, ...causeAndStep(message), options)
  if (stack !== undefined) error.stack = stack
  return error
}

/** A message is "cause. next step." and is put together the same way again. */
function causeAndStep(message: string): [cause: string, nextStep: string] {
  const end = message.indexOf('. ')
  return end === -1 ? [message, ''] : [message.slice(0, end), message.slice(end + 2, -1)]
}
