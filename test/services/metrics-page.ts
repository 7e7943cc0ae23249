import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A service's `/metrics` page on a free port of this machine. */
export interface MetricsPage {
  /** `host:port` */
  readonly target: string
  close(): Promise<void>
}

/** Serves what a registry of prom-client prints, as any host application does. */
export async function serveMetrics(registry: {
  readonly contentType: string
  metrics(): Promise<string>
}): Promise<MetricsPage> {
  const server = createServer((_request, response) => {
    registry.metrics().then(
      (page) => response.setHeader('content-type', registry.contentType).end(page),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
