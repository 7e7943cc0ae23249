/** Told what comes of a body. */
export interface BodySink {
  chunk(bytes: Uint8Array): void
  end(): void
  error(error: unknown): void
}

/** A body that is pushed to whoever wants it. */
export interface BodySource {
  /** Starts reading. The sink is told of nothing before this returns. @returns what ends it: nothing more is wanted */
  read(sink: BodySink): () => void
}

/** What is read of a request. Any fetch-standard `Request` is one, and so is what `nodeListener` makes for `node:http`. */
export interface HttpRequest {
  readonly method: string
  /** Absolute; of the host nothing is known. */
  readonly url: string
  readonly headers: { get(name: string): string | null }
  readonly body: ReadableStream<Uint8Array> | BodySource | null
  /** Somebody read the body before, and it does not come twice. */
  readonly bodyUsed: boolean
}

async function pump(reader: ReadableStreamDefaultReader<Uint8Array>, sink: BodySink): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return sink.end()
      sink.chunk(value)
    }
  } catch (error) {
    sink.error(error)
  }
}

/** A stream as a source. */
export function sourceOf(body: ReadableStream<Uint8Array> | BodySource): BodySource {
  if ('read' in body) return body
  return {
    read(sink) {
      const reader = body.getReader()
      void pump(reader, sink)
      return () => void reader.cancel().catch(() => undefined)
    },
  }
}
