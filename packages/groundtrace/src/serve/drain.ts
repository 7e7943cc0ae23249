import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Drain {
  /** Takes no more connections, and resolves when every request that came is answered and every connection closed. */
  stop(): Promise<void>
}

/** Connections without a request are looked for this often, and closed at the second look: one may be just arriving. */
const SWEEP_MS = 100

/**
 * Watches a server, so that it can end without cutting anybody off. Node closes a connection only after its first request:
 * one that was opened and never used would hold the end up.
 * @param patienceMs what is not answered by then is cut off
 */
export function drain(server: Server, patienceMs: number): Drain {
  /** Requests on their way, by connection. */
  const running = new Map<Socket, number>()
  server.on('connection', (socket: Socket) => {
    running.set(socket, 0)
    socket.once('close', () => running.delete(socket))
  })
  server.on('request', ({ socket }: { socket: Socket }, response: ServerResponse) => {
    const add = (requests: number): void => {
      const known = running.get(socket)
      if (known !== undefined) running.set(socket, known + requests)
    }
    add(1)
    response.once('close', () => add(-1))
  })

  return {
    async stop() {
      const closed = once(server, 'close')
      server.close()
      let before = new Set<Socket>()
      const sweep = setInterval(() => {
        const unused = [...running].filter(([, requests]) => requests === 0).map(([socket]) => socket)
        for (const socket of unused) if (before.has(socket)) socket.destroy()
        before = new Set(unused)
      }, SWEEP_MS)
      const cut = setTimeout(() => server.closeAllConnections(), patienceMs)
      await closed
      clearInterval(sweep)
      clearTimeout(cut)
    },
  }
}
