import { createGunzip } from 'node:zlib'
import type { Timers } from '../timers.ts'
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

/** Output is taken in pieces of this size: fewer ways to zlib's thread and back, and still a bomb is caught early. */
const CHUNK_BYTES = 65_536

const tooLong = (maxBytes: number): Refusal =>
  tooLarge(`The body is longer than ${maxBytes} bytes. Send it in several requests.`)

/** Bytes as they come, up to a limit, each counted when it is there. */
async function collect(chunks: AsyncIterable<Uint8Array>, lease: Lease, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > maxBytes) throw tooLong(maxBytes)
    lease.take(chunk.length)
    parts.push(chunk)
  }
  return Buffer.concat(parts, length)
}

async function* arriving(
  stream: ReadableStream<Uint8Array>,
  { timeoutMs, retryAfterSeconds, timers }: BodyLimits,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  const late = Promise.withResolvers<never>()
  late.promise.catch(() => undefined)
  const clock = timers.setTimeout(() => {
    late.reject(tryAgain(503, `The body did not arrive within ${timeoutMs} ms`, retryAfterSeconds))
  }, timeoutMs)
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise])
      if (done) return
      yield value
    }
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(400, 'The body ended before it was whole', { cause: error })
  } finally {
    timers.clearTimeout(clock)
    // What is not read is not wanted.
    void reader.cancel().catch(() => undefined)
  }
}

async function gunzipped(bytes: Buffer, lease: Lease, maxBytes: number): Promise<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  gunzip.end(bytes)
  try {
    const plain = await collect(gunzip, lease, maxBytes)
    lease.give(bytes.length)
    return plain
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(400, 'The body is not the gzip that its Content-Encoding promises', { cause: error })
  }
}

const PLAIN: ReadonlySet<string> = new Set(['', 'identity'])
const GZIP: ReadonlySet<string> = new Set(['gzip', 'x-gzip'])

/**
 * The body of a request, decompressed. Bounded at every step: by the length it announces, by what arrives, and by what
 * comes out of it.
 * @throws Refusal 400, 413, 415, 429, 503
 */
export async function readBody(request: Request, lease: Lease, limits: BodyLimits): Promise<Buffer> {
  const encoding = (request.headers.get('content-encoding') ?? '').trim().toLowerCase()
  if (!PLAIN.has(encoding) && !GZIP.has(encoding)) {
    throw new Refusal(415, 'The body is compressed in a way that OTLP does not name. Use gzip, or none.', {
      headers: { 'accept-encoding': 'gzip' },
    })
  }
  if (Number(request.headers.get('content-length') ?? 0) > limits.maxBytes) throw tooLong(limits.maxBytes)
  if (request.body === null) return Buffer.alloc(0)
  const sent = await collect(arriving(request.body, limits), lease, limits.maxBytes)
  return GZIP.has(encoding) ? await gunzipped(sent, lease, limits.maxBytes) : sent
}
