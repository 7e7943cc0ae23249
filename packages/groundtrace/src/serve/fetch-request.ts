import type { HttpRequest } from '@groundtrace/register/http'

/** The fields of a fetch-standard request that handlers of other packages read. */
export type FetchRequest = Pick<Request, 'method' | 'url' | 'body'> & { readonly headers: Pick<Headers, 'get'> }

/** Whoever pushes bytes may use them again. */
const copy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

/** A body as a stream: pushed ones are read when somebody reads them, and no further once they had enough. */
function streamOf(body: HttpRequest['body']): Request['body'] {
  if (body === null) return body
  if (!('read' in body))
    return body.pipeThrough(new TransformStream({ transform: (bytes, out) => out.enqueue(copy(bytes)) }))
  let stop: (() => void) | undefined
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        stop ??= body.read({
          chunk: (bytes) => controller.enqueue(copy(bytes)),
          end: () => controller.close(),
          error: (error) => controller.error(error),
        })
      },
      cancel() {
        stop?.()
      },
    },
    { highWaterMark: 0 },
  )
}

/** A request as fetch-standard handlers expect it. */
export function fetchRequest({ method, url, headers, body }: HttpRequest): FetchRequest {
  return { method, url, headers, body: streamOf(body) }
}
