import { LabelStudioError, type LabelStudioErrorCode } from './error.ts'

/** What openapi-fetch makes of an answer. */
interface Answer {
  readonly data?: unknown
  readonly error?: unknown
  readonly response: Response
}

/** A call under way, and what it is in words, such as `import into project 7`. */
type Call = Promise<Answer>

const MOST_EXCERPT = 500

interface Meaning {
  readonly code: LabelStudioErrorCode
  readonly nextStep: string
}

const MEANINGS: Readonly<Record<number, Meaning>> = {
  401: {
    code: 'unauthorized',
    nextStep:
      'Check the token: a legacy token works only where the organisation allows them, a personal one until it is revoked',
  },
  403: { code: 'forbidden', nextStep: "Check what the token's owner may do" },
  404: { code: 'not-found', nextStep: 'Check that it was not deleted, and whose organisation it is in' },
  502: { code: 'unavailable', nextStep: 'Check that Label Studio runs behind the proxy' },
  503: { code: 'unavailable', nextStep: 'Try again when Label Studio has started' },
  504: { code: 'unavailable', nextStep: 'Check that Label Studio runs behind the proxy' },
}

function meaningOf(status: number): Meaning {
  const known = MEANINGS[status]
  if (known !== undefined) return known
  if (status >= 500) return { code: 'server-error', nextStep: "See Label Studio's log" }
  if (status >= 400) return { code: 'rejected', nextStep: 'Correct what was sent' }
  return {
    code: 'invalid-answer',
    nextStep: 'Check that the address is that of Label Studio itself, and no proxy asks to log in',
  }
}

/** Too busy, or too slow: the same request may do the next time. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429])

/** What Label Studio says of a failure, and nothing else that answers in its place. */
function problemFrom(error: unknown): { readonly detail: string; readonly faults: string } | undefined {
  if (typeof error !== 'object' || error === null || !('detail' in error) || typeof error.detail !== 'string') {
    return undefined
  }
  return { detail: error.detail, faults: 'validation_errors' in error ? JSON.stringify(error.validation_errors) : '' }
}

/** After these colons the server repeats what was sent: that is for annotators, and for no log. */
const WHAT_WAS_SENT = / :: .*/s

/** What a terminal may obey, and what makes one line of a log two. */
const OBEYED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

/** The server's own words, of which no more is shown than fits, on one line; none of a page for people. */
function excerptOf(error: unknown): string {
  const { detail, faults } = problemFrom(error) ?? { detail: typeof error === 'string' ? error : '', faults: '' }
  return detail.trimStart().startsWith('<')
    ? 'a page'
    : `${detail} ${faults}`.replace(WHAT_WAS_SENT, '').replaceAll(OBEYED, ' ')
}

/** Takes secrets out of a text. */
export type Redact = (text: string) => string

function problemOf(what: string, { error, response }: Answer, redact: Redact): LabelStudioError {
  const { status } = response
  const { code, nextStep } = meaningOf(status)
  // Before it is cut: half of a token is one still.
  const excerpt = redact(excerptOf(error)).slice(0, MOST_EXCERPT).trim().replace(/\.$/, '')
  const cause = `Label Studio answers ${status} to the ${what}${excerpt === '' ? '' : `: ${excerpt}`}`
  return new LabelStudioError(code, cause, nextStep, {
    status,
    refused: status >= 400 && status < 500 && !PASSING.has(status),
  })
}

export interface Answers {
  /** @returns the body of the answer. Rejects with a LabelStudioError for anything but success */
  readonly required: (what: string, call: Call) => Promise<unknown>
  /** The same, but undefined when there is no such thing. */
  readonly found: (what: string, call: Call) => Promise<unknown>
}

async function settled(what: string, call: Call): Promise<Answer> {
  try {
    return await call
  } catch (error) {
    if (LabelStudioError.isInstance(error)) throw error
    if (error instanceof SyntaxError) {
      const cause = `Label Studio's answer to the ${what} is no JSON`
      const nextStep = 'Check that the address leads to Label Studio and to nothing in between'
      throw new LabelStudioError('invalid-answer', cause, nextStep, { cause: error })
    }
    const cause = `The ${what} can't be written as JSON`
    throw new LabelStudioError('invalid-argument', cause, 'Give plain data, without circles', { cause: error })
  }
}

/** Takes what openapi-fetch brings apart: bodies of success, and errors with what to do. */
export function answers(redact: Redact): Answers {
  return {
    async required(what, call) {
      const answer = await settled(what, call)
      if (answer.response.ok) return answer.data
      throw problemOf(what, answer, redact)
    },
    async found(what, call) {
      const answer = await settled(what, call)
      // Whatever else may stand at an address has pages of its own for what it does not find.
      if (answer.response.status === 404 && problemFrom(answer.error) !== undefined) return undefined
      if (answer.response.ok) return answer.data
      throw problemOf(what, answer, redact)
    },
  }
}
