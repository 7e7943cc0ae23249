import type { Register } from '@groundtrace/core'
import { bridgePlan, openOutbox, type Bridge } from '@groundtrace/label-studio'
import { fetchRequest } from '../serve/fetch-request.ts'
import type { Route } from '../serve/routes.ts'
import type { Environment } from '../surroundings.ts'
import {
  drawSecretOf,
  labelStudioOf,
  outboxPath,
  planOf,
  webhookSecretOf,
  type LabelStudioFlags,
} from './label-studio-settings.ts'

/** A bridge that runs beside a server. */
export interface ServedBridge {
  /** `POST /label-studio/webhook`, where the plan has one. */
  readonly routes: readonly Route[]
  readonly status: Bridge['status']
  /** Ends the round that it is at, and resolves when it has ended. */
  stop(): Promise<void>
}

export interface ServeBridgeOptions {
  /** Path of the plan. */
  readonly plan: string
  readonly flags: LabelStudioFlags
  readonly environment: Environment
  readonly register: Register
  readonly onTrouble: (reason: string, error: unknown) => void
}

/**
 * Runs the bridge that a plan describes until it is stopped.
 * Rejects with WrongUsage, GroundtraceError or LabelStudioError when it can't begin
 */
export async function serveBridge(options: ServeBridgeOptions): Promise<ServedBridge> {
  const { flags, environment, register, onTrouble } = options
  const plan = planOf(options.plan)
  const labelStudio = labelStudioOf(flags, environment)
  const secret = drawSecretOf(environment)
  const webhookSecret = webhookSecretOf(plan, environment)
  const outbox = openOutbox({ path: outboxPath(flags, environment), secret })
  try {
    const bridge = await bridgePlan({
      plan,
      labelStudio,
      outbox,
      register,
      secret,
      ...(webhookSecret !== undefined && { webhookSecret }),
      onTrouble: ({ step, error }) => onTrouble(`label-studio-${step}-failed`, error),
    })
    const stopping = new AbortController()
    const running = bridge.run(stopping.signal)
    const { webhook } = bridge
    return {
      routes:
        webhook === undefined
          ? []
          : [
              {
                path: '/label-studio/webhook',
                methods: ['POST'],
                handle: (request) => webhook.handle(fetchRequest(request)),
              },
            ],
      status: () => bridge.status(),
      async stop() {
        stopping.abort()
        await running
        outbox.close()
      },
    }
  } catch (error) {
    outbox.close()
    throw error
  }
}
