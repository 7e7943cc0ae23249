import { GroundtraceError } from '@groundtrace/core'
import { lossBook, tell, type LossBook } from '../loss-book.ts'
import { bearerGate } from './bearer.ts'
import { readBody, type BodyLimits } from './body.ts'
import { within } from './deadline.ts'
import { InFlight } from './in-flight.ts'
import { lineStore, type LineStore } from './line-store.ts'
import { Counter } from './receiver-counts.ts'
import type { ReceiverSettings } from './receiver-options.ts'
import { Refusal, tryAgain } from './refusal.ts'
import { turns } from './turns.ts'
import type { HttpRequest } from './http-request.ts'

/** Bytes of a body that takes milliseconds to read, in which nothing else is heard. */
const LARGE = 65_536

/** What one address speaks: what it takes and how it answers. */
export interface Protocol {
  /** Looks at the head of a request, before its body is read. @throws Refusal */
  readonly expect: (request: HttpRequest) => void
  /** Stores what the body says. @throws Refusal; GroundtraceError `invalid-…` for a body that says nothing */
  readonly store: (request: HttpRequest, body: Uint8Array) => Promise<Response>
  readonly refuse: (request: HttpRequest, refusal: Refusal) => Response
}

/** Takes requests in: what all addresses of a receiver have in common. */
export class Intake {
  readonly settings: ReceiverSettings
  readonly counter = new Counter()
  readonly losses: LossBook = lossBook()
  readonly inFlight: InFlight
  readonly lines: LineStore
  readonly #expectToken: (request: HttpRequest) => void
  readonly #bodyLimits: BodyLimits
  readonly #turn = turns()

  constructor(settings: ReceiverSettings) {
    this.settings = settings
    this.inFlight = new InFlight(settings.maxBytesInFlight, settings.retryAfterSeconds)
    this.lines = lineStore(settings.register)
    this.#expectToken = bearerGate(settings.tokens)
    this.#bodyLimits = {
      maxBytes: settings.maxBodyBytes,
      timeoutMs: settings.bodyTimeoutMs,
      retryAfterSeconds: settings.retryAfterSeconds,
      timers: settings.timers,
    }
  }

  /** Answers a request. Never rejects. */
  async take(request: HttpRequest, protocol: Protocol): Promise<Response> {
    const response = await this.#answer(request, protocol).catch((error: unknown) =>
      protocol.refuse(request, this.#refusalOf(error)),
    )
    this.counter.request(response.status)
    return response
  }

  async #answer(request: HttpRequest, protocol: Protocol): Promise<Response> {
    if (request.method !== 'POST') {
      throw new Refusal(405, `There is nothing to ${request.method} here. Use POST.`, { headers: { allow: 'POST' } })
    }
    this.#expectToken(request)
    protocol.expect(request)
    const lease = this.inFlight.lease()
    let storing: Promise<Response> | undefined
    try {
      const body = await readBody(request, lease, this.#bodyLimits)
      storing = this.#store(request, body, protocol)
      const { storeTimeoutMs, retryAfterSeconds, timers } = this.settings
      return await within(storing, storeTimeoutMs, timers, () =>
        tryAgain(503, `It was not stored within ${storeTimeoutMs} ms`, retryAfterSeconds),
      )
    } finally {
      // What is still being stored takes its memory until it is, answered or not.
      if (storing === undefined) lease.release()
      else void storing.catch(() => undefined).finally(() => lease.release())
    }
  }

  /** A large body is read in a turn of its own: however many come at once, a small one waits for no more than one of them. */
  async #store(request: HttpRequest, body: Uint8Array, protocol: Protocol): Promise<Response> {
    if (body.length > LARGE) await this.#turn()
    return await protocol.store(request, body)
  }

  #refusalOf(error: unknown): Refusal {
    if (error instanceof Refusal) return error
    const code = GroundtraceError.isInstance(error) ? error.code : undefined
    if (code?.startsWith('invalid-') === true) return new Refusal(400, (error as GroundtraceError).message)
    const { onDiagnostic, retryAfterSeconds } = this.settings
    // Nothing is lost yet: the sender still has it.
    tell(onDiagnostic, { reason: code ?? 'receiver-failed', lines: 0, error })
    if (code === undefined) return new Refusal(500, 'The receiver failed. Its log says why.', { cause: error })
    return tryAgain(503, "The register can't take it now. Send it again later.", retryAfterSeconds, { cause: error })
  }
}
