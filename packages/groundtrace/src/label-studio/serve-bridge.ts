import { setTimeout } from 'node:timers/promises'
import type { Register } from '@groundtrace/core'
import { bridgePlan, bridgeStatus, openOutbox, type Bridge } from '@groundtrace/label-studio'
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

/** Between two attempts to begin. */
const AGAIN_MS = 30_000

/**
 * Runs the bridge that a plan describes until it is stopped. It begins when Label Studio answers, and the projects are as the
 * plan says: until then it tells why not, and tries again. So what is served beside it does not wait for annotators.
 * @throws WrongUsage, GroundtraceError for a plan, a secret or an outbox with which it never could
 */
export function serveBridge(options: ServeBridgeOptions): ServedBridge {
  const { flags, environment, register, onTrouble } = options
  const plan = planOf(options.plan)
  const labelStudio = labelStudioOf(flags, environment)
  const secret = drawSecretOf(environment)
  const webhookSecret = webhookSecretOf(plan, environment)
  const outbox = openOutbox({ path: outboxPath(flags, environment), secret })
  const stopping = new AbortController()
  let bridge: Bridge | undefined

  async function run(): Promise<void> {
    try {
      bridge = await bridgePlan({
        plan,
        labelStudio,
        outbox,
        register,
        secret,
        ...(webhookSecret !== undefined && { webhookSecret }),
        onTrouble: ({ step, error }) => onTrouble(`label-studio-${step}-failed`, error),
      })
      await bridge.run(stopping.signal)
    } catch (error) {
      onTrouble('label-studio-not-begun', error)
      await setTimeout(AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (!stopping.signal.aborted) await run()
    }
  }
  const running = run()

  return {
    routes:
      webhookSecret === undefined
        ? []
        : [
            {
              path: '/label-studio/webhook',
              methods: ['POST'],
              // An event is a hint where to look, and whoever begins looks everywhere.
              handle: async (request) =>
                (await bridge?.webhook?.handle(fetchRequest(request))) ?? new Response(null, { status: 503 }),
            },
          ],
    status: () => bridge?.status() ?? bridgeStatus(outbox),
    async stop() {
      stopping.abort()
      await running
      outbox.close()
    },
  }
}
