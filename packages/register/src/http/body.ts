import { createGunzip } from 'node:zlib'
import type { Timers } from '../timers.ts'
import { sourceOf, type BodySource, type HttpRequest } from './http-request.ts'
import type { Lease } from './in-flight.ts'
import { Refusal, tooLarge, tryAgain } from './refusal.ts'

export interface BodyLimits {
  /** As sent, and again when decompressed. */
  readonly maxBytes: number
  /** For all of it to arrive, in milliseconds. */
  readonly timeoutMs: number
  readonly retryAfterSeconds: number
  readonly timers: Timers
}

/** Told to who sends, since it is who mounts the receiver that tries it first. */
const READ_BEFORE =
  'The body was read before it came to the receiver. Mount the receiver above whatever parses bodies, such as express.json().'

/** Output is taken in pieces of this size: fewer ways to zlib's thread and back, and still a bomb is caught early. */
const CHUNK_BYTES = 65_536

const tooLong = (maxBytes: number): Refusal =>
  tooLarge(`The body is longer than ${maxBytes} bytes. Send it in several requests.`)

/** Parts of a body as they come, up to a limit, each counted when it is there. */
class Parts {
  readonly #parts: Uint8Array[] = []
  readonly #lease: Lease
  readonly #maxBytes: number
  #length = 0

  constructor(lease: Lease, maxBytes: number) {
    this.#lease = lease
    this.#maxBytes = maxBytes
  }

  /** @throws Refusal 413, 429 */
  add(part: Uint8Array): void {
    this.#length += part.length
    if (this.#length > this.#maxBytes) throw tooLong(this.#maxBytes)
    this.#lease.take(part.length)
    this.#parts.push(part)
  }

  all(): Buffer {
    return Buffer.concat(this.#parts, this.#length)
  }
}

/** What was sent, when all of it has come. Pushed rather than pulled: to wait for each part costs more than the part. */
function arrived(source: BodySource, parts: Parts, limits: BodyLimits): Promise<Buffer> {
  const { timeoutMs, retryAfterSeconds, timers } = limits
  return new Promise((resolve, reject) => {
    let stop: (() => void) | undefined
    let ended = false
    function end(act: () => void): void {
      if (ended) return
      ended = true
      timers.clearTimeout(clock)
      stop?.()
      act()
    }
    const clock = timers.setTimeout(() => {
      end(() => reject(tryAgain(503, `The body did not arrive within ${timeoutMs} ms`, retryAfterSeconds)))
    }, timeoutMs)
    stop = source.read({
      chunk(bytes) {
        if (ended) return
        try {
          parts.add(bytes)
        } catch (refusal) {
          end(() => reject(refusal))
        }
      },
      end: () => end(() => resolve(parts.all())),
      error: (cause) =>
        end(() => reject(new Refusal(400, 'The body ended before it was whole. Send it again.', { cause }))),
    })
  })
}

async function gunzipped(bytes: Buffer, lease: Lease, maxBytes: number): Promise<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  gunzip.end(bytes)
  const parts = new Parts(lease, maxBytes)
  try {
    for await (const part of gunzip) parts.add(part as Uint8Array)
    lease.give(bytes.length)
    return parts.all()
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(
      400,
      'The body is not the gzip that its Content-Encoding promises. Compress it, or leave out the header.',
      { cause: error },
    )
  }
}

const PLAIN: ReadonlySet<string> = new Set(['', 'identity'])
const GZIP: ReadonlySet<string> = new Set(['gzip', 'x-gzip'])

/**
 * The body of a request, decompressed. Bounded at every step: by the length it announces, by what arrives, and by what
 * comes out of it.
 * @throws Refusal 400, 413, 415, 429, 500, 503
 */
export async function readBody(request: HttpRequest, lease: Lease, limits: BodyLimits): Promise<Buffer> {
  const encoding = (request.headers.get('content-encoding') ?? '').trim().toLowerCase()
  if (!PLAIN.has(encoding) && !GZIP.has(encoding)) {
    throw new Refusal(415, 'The body is compressed in a way that OTLP does not name. Use gzip, or none.', {
      headers: { 'accept-encoding': 'gzip' },
    })
  }
  if (Number(request.headers.get('content-length') ?? 0) > limits.maxBytes) throw tooLong(limits.maxBytes)
  if (request.bodyUsed) throw new Refusal(500, READ_BEFORE)
  if (request.body === null) return Buffer.alloc(0)
  const sent = await arrived(sourceOf(request.body), new Parts(lease, limits.maxBytes), limits)
  return GZIP.has(encoding) ? await gunzipped(sent, lease, limits.maxBytes) : sent
}
