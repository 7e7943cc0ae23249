import { HEADER_TRACKING_ID } from '@groundtrace/core/semconv'
import { answeredFor, answeringStorage, type AnsweredPredictions } from '../answered-predictions.ts'
import { attempt } from '../attempt.ts'

/** A request of `node:http`, or of what is built on it: as much of it as is used here. */
export interface HttpRequest {
  emit: (event: string, ...args: unknown[]) => boolean
}

/** A response of `node:http`, `node:https` or the compatible side of `node:http2`. */
export interface HttpResponse {
  readonly headersSent: boolean
  readonly hasHeader: (name: string) => boolean
  readonly setHeader: (name: string, value: string) => unknown
  writeHead: (statusCode: number) => unknown
}

/** Runs what answers a request, so that its response says which predictions were made for it. */
export type RunAnswer = <T>(request: HttpRequest, response: HttpResponse, answer: () => T) => T

/** Makes what runs answers. What the answer returns or throws is what comes back. */
export function createRunAnswer(): RunAnswer {
  const storage = answeringStorage()
  return (request, response, answer) => {
    const answered = answeredFor(response, (answered) => {
      attempt(() => writeHeadWith(response, answered))
      attempt(() => emitIn(request, (emit) => storage.run(answered, emit)))
    })
    return storage.run(answered, answer)
  }
}

/**
 * Puts the header in at the last moment, when the head is written: error handlers of frameworks remove what was set
 * before, and every way to send a response comes by here.
 */
function writeHeadWith(response: HttpResponse, answered: AnsweredPredictions): void {
  const writeHead: (...args: never) => unknown = response.writeHead
  response.writeHead = function (this: unknown, ...args: unknown[]): unknown {
    const headed = attempt(() => withHeader(response, args, answered)).value ?? args
    const returned = Reflect.apply(writeHead, this, headed)
    answered.close()
    return returned
  }
}

/**
 * The arguments of `writeHead` with our header in the headers they bring; where they bring none, it is set. Headers set
 * beside those of the arguments would make Node merge both, by other rules. What the service said itself stays.
 */
function withHeader(
  response: HttpResponse,
  args: readonly unknown[],
  answered: AnsweredPredictions,
): readonly unknown[] {
  const value = answered.headerValue()
  if (value === undefined || response.headersSent || response.hasHeader(HEADER_TRACKING_ID)) return args
  const position = args.findIndex((arg) => typeof arg === 'object' && arg !== null)
  const headers = args[position] as Headers | undefined
  if (headers === undefined) response.setHeader(HEADER_TRACKING_ID, value)
  else if (!namesIn(headers).includes(HEADER_TRACKING_ID)) return args.with(position, added(headers, value))
  return args
}

/** What `writeHead` takes: an object, a list of names and values in turn, or a list of pairs. */
type Headers = Readonly<Record<string, unknown>> | readonly unknown[] | readonly Pair[]
type Pair = readonly [name: string, value: unknown]

const isList = (headers: Headers): headers is readonly unknown[] | readonly Pair[] => Array.isArray(headers)
const isPairs = (list: readonly unknown[]): list is readonly Pair[] => Array.isArray(list[0])

function namesIn(headers: Headers): readonly string[] {
  const names = !isList(headers)
    ? Object.keys(headers)
    : isPairs(headers)
      ? headers.map(([name]) => name)
      : headers.filter((_, index) => index % 2 === 0)
  return names.map((name) => String(name).toLowerCase())
}

function added(headers: Headers, value: string): Headers {
  if (!isList(headers)) return { ...headers, [HEADER_TRACKING_ID]: value }
  return isPairs(headers) ? [...headers, [HEADER_TRACKING_ID, value]] : [...headers, HEADER_TRACKING_ID, value]
}

/**
 * Lets the events of a request run where its answer does. Node emits them where the connection was read: a handler that
 * predicts when the body has come (`request.on('end')`, most body parsers) would be out of any request's reach.
 */
function emitIn(request: HttpRequest, run: (emit: () => unknown) => unknown): void {
  const { emit } = request
  request.emit = function (this: unknown, ...args: unknown[]): boolean {
    return run(() => Reflect.apply(emit, this, args)) as boolean
  }
}
