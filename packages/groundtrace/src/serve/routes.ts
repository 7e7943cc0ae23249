import { STATUS_CODES } from 'node:http'
import type { HttpRequest } from '@groundtrace/register/http'

/** A handler of requests, fetch-standard ones or those of `nodeListener`. */
export type Handler = (request: HttpRequest) => Promise<Response>

/** What stands at one path. */
export interface Route {
  readonly path: string
  /** The methods it takes. Default: all; the handler tells them apart itself. */
  readonly methods?: readonly string[]
  readonly handle: Handler
}

/** An error by RFC 9457. */
function problem(status: number, detail: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify({ type: 'about:blank', title: STATUS_CODES[status], status, detail }), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  })
}

/**
 * One handler for all routes. What stands nowhere is a 404, a method that a path does not take a 405, and what a handler
 * throws a 500 that says nothing of it.
 * @param onError told what a handler threw
 */
export function routed(routes: readonly Route[], onError: (error: unknown) => void): Handler {
  const byPath = new Map(routes.map((route) => [route.path, route]))
  const known = [...byPath.keys()].join(', ')
  return async (request) => {
    const { pathname } = new URL(request.url)
    const route = byPath.get(pathname)
    if (route === undefined) return problem(404, `Nothing is served here. There are ${known}.`)
    const { methods, handle } = route
    if (methods?.includes(request.method) === false) {
      return problem(405, `${pathname} takes ${methods.join(' and ')} only.`, { allow: methods.join(', ') })
    }
    try {
      return await handle(request)
    } catch (error) {
      onError(error)
      return problem(500, 'The server failed. Its log says why.')
    }
  }
}
