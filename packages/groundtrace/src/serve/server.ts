import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GroundtraceError, type Register, type Task } from '@groundtrace/core'
import { loopMetrics, type AnnotationFigures } from '@groundtrace/prometheus'
import { createReceiver, nodeListener } from '@groundtrace/register/http'
import { Registry } from 'prom-client'
import { drain } from './drain.ts'
import { healthz, readyz } from './health.ts'
import { keepHorizons } from './horizon-keeper.ts'
import { keepRetention, type Retention } from './retention-keeper.ts'
import { routed, type Route } from './routes.ts'

export interface ServeOptions {
  readonly register: Register
  readonly tasks: readonly Task[]
  /** Bearer tokens for writing; none: everybody who can connect may write. */
  readonly tokens: readonly string[]
  readonly host: string
  /** 0: a free one. */
  readonly port: number
  /** How often predictions are closed whose horizon has passed; 0: never, another process does. */
  readonly horizonSeconds: number
  /** How long predictions are kept. Default: for ever, unless another process prunes. */
  readonly retention?: Retention
  /** The bridge's status, for its metrics. Default: there is no bridge. */
  readonly annotation?: () => AnnotationFigures
  /** What else is served. Default nothing. */
  readonly routes?: readonly Route[]
  /** Told what fails and what is refused, in a few words. */
  readonly onTrouble: (reason: string, lines: number, error: unknown) => void
}

/** A server that runs. */
export interface Serving {
  readonly url: string
  /**
   * Takes no more connections, answers what is on its way, and resolves when all is answered; what takes longer than ten
   * seconds is cut off, and its sender sends it again.
   */
  stop(): Promise<void>
}

const DRAIN_MS = 10_000
/** Longest that the head of a request, and all of it, may take: the receiver's own limit for a body comes first. */
const HEAD_MS = 10_000
const REQUEST_MS = 30_000
/** Longest that nothing moves on a connection, and an answer that nobody reads stays in memory: what is stored takes less. */
const STILL_MS = 60_000
/** Connections at once; one more is closed as it comes. */
const MOST_CONNECTIONS = 1000

async function listening(server: ReturnType<typeof createServer>, host: string, port: number): Promise<string> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new GroundtraceError(
      'invalid-argument',
      `The server can't listen on ${host} port ${port} (${code})`,
      code === 'EADDRINUSE' ? 'Name another port with --port' : 'Name another address with --host',
      { cause: error },
    )
  }
  const { address, family, port: bound } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`
}

/**
 * Serves a register over HTTP: `/v1/logs`, `/v1/feedback`, `/metrics`, `/healthz` and `/readyz`.
 * @throws GroundtraceError `invalid-argument` when it can't listen there, or a token is none
 */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { register, tasks, tokens, host, port, horizonSeconds, retention, annotation, routes = [], onTrouble } = options
  let stopping = false
  const receiver = createReceiver({
    register,
    tasks,
    tokens,
    onDiagnostic: ({ reason, lines, error }) => onTrouble(reason, lines, error),
  })
  const registry = new Registry()
  const metrics = loopMetrics({
    register,
    registry,
    receiver: receiver.counts,
    ...(annotation !== undefined && { annotation }),
    onError: (error) => onTrouble('scrape-failed', 0, error),
  })
  const server = createServer(
    { headersTimeout: HEAD_MS, requestTimeout: REQUEST_MS },
    nodeListener(
      routed(
        [
          { path: '/v1/logs', handle: receiver.logs },
          { path: '/v1/feedback', handle: receiver.feedback },
          {
            path: '/metrics',
            methods: ['GET', 'HEAD'],
            handle: async () =>
              new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),
          },
          { path: '/healthz', methods: ['GET', 'HEAD'], handle: healthz },
          { path: '/readyz', methods: ['GET', 'HEAD'], handle: readyz(register, () => stopping) },
          ...routes,
        ],
        (error) => onTrouble('request-failed', 0, error),
      ),
    ),
  )
  server.setTimeout(STILL_MS)
  server.maxConnections = MOST_CONNECTIONS
  const draining = drain(server, DRAIN_MS)
  const url = await listening(server, host, port)
  const horizons =
    horizonSeconds === 0
      ? undefined
      : keepHorizons(register, horizonSeconds, (error) => onTrouble('horizons-failed', 0, error))
  const pruning =
    retention === undefined
      ? undefined
      : keepRetention(register, retention, (error) => onTrouble('prune-failed', 0, error))

  return {
    url,
    async stop() {
      stopping = true
      await draining.stop()
      await horizons?.stop()
      await pruning?.stop()
      metrics.remove()
    },
  }
}
