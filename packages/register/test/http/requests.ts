import { gzipSync } from 'node:zlib'
import type { LogEvent } from '@groundtrace/core'
import { encoded, logRecord, requestOf, type Plain } from '../otlp/otlp-messages.ts'

/** Events as OTLP's request, in its JSON form. */
export function exportOf(...events: readonly LogEvent[]): object {
  return requestOf(
    events.map(({ eventName = '', hrTime: [seconds, nanoseconds], attributes }) =>
      logRecord(attributes as Readonly<Record<string, Plain>>, {
        name: eventName,
        time: String(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)),
      }),
    ),
  )
}

type Headers = Readonly<Record<string, string>>

/** A request for logs with this body. */
export function post(body: BodyInit, headers: Headers): Request {
  const duplex = body instanceof ReadableStream ? { duplex: 'half' as const } : {}
  return new Request('http://localhost/v1/logs', { method: 'POST', body, headers, ...duplex })
}

export function postProtobuf(message: object, headers: Headers = {}): Request {
  return post(new Uint8Array(encoded('Request', message)), { 'content-type': 'application/x-protobuf', ...headers })
}

export function postGzip(message: object): Request {
  const body = new Uint8Array(gzipSync(encoded('Request', message)))
  return post(body, { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' })
}

export function postJson(message: object, headers: Headers = {}): Request {
  return post(JSON.stringify(message), { 'content-type': 'application/json', ...headers })
}

/** A body that comes in these pieces; it never ends when told so. */
export function streamed(chunks: readonly Uint8Array[], end: 'ends' | 'hangs' | 'fails' = 'ends'): ReadableStream {
  const left = [...chunks]
  return new ReadableStream(
    {
      async pull(controller) {
        const chunk = left.shift()
        if (chunk !== undefined) controller.enqueue(chunk)
        else if (end === 'ends') controller.close()
        else if (end === 'fails') controller.error(new Error('the client has gone'))
        else await new Promise(() => undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
