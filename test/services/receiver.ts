import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Task } from '@groundtrace/core'
import { openSqliteRegister } from '@groundtrace/register'
import { createReceiver, nodeListener, type Receiver, type ReceiverOptions } from '@groundtrace/register/http'

export interface LogsRequest {
  readonly contentType: string
  readonly contentEncoding: string
  /** Of the answer. */
  readonly status: number
  /** When it came and when it was answered, in milliseconds. */
  readonly came: number
  readonly answered: number
}

/** A register behind a receiver on a free port of this machine. */
export interface RunningReceiver {
  /** Where OTLP logs go. */
  readonly logs: string
  readonly receiver: Receiver
  readonly register: ReturnType<typeof openSqliteRegister>
  /** Requests for logs, in the order in which they were answered. */
  readonly requests: readonly LogsRequest[]
  close(): Promise<void>
}

export async function startReceiver(
  tasks: readonly Task[],
  options: Partial<ReceiverOptions> = {},
): Promise<RunningReceiver> {
  const register = openSqliteRegister({ path: ':memory:', tasks })
  const receiver = createReceiver({ register, tasks, ...options })
  const requests: LogsRequest[] = []
  const server = createServer(
    nodeListener(async (request) => {
      const came = performance.now()
      const answer = await receiver.logs(request)
      requests.push({
        contentType: request.headers.get('content-type') ?? '',
        contentEncoding: request.headers.get('content-encoding') ?? '',
        status: answer.status,
        came,
        answered: performance.now(),
      })
      return answer
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    logs: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`,
    receiver,
    register,
    requests,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      await register.close()
    },
  }
}
