/** As much of Express, which brings no types, as the service beside this file uses. */
declare module 'express' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

  interface Request extends IncomingMessage {
    readonly params: Readonly<Record<string, string>>
    readonly body: unknown
  }
  interface Response extends ServerResponse {
    json(body: unknown): this
    status(code: number): this
    set(name: string, value: string): this
  }
  type Handler = (request: Request, response: Response, next: (error?: unknown) => void) => unknown
  interface Express extends RequestListener {
    use(handler: Handler): this
    get(path: string, ...handlers: Handler[]): this
    post(path: string, ...handlers: Handler[]): this
    set(setting: string, value: unknown): this
  }
  interface ExpressModule {
    (): Express
    json(): Handler
  }
  const express: ExpressModule
  export default express
}
