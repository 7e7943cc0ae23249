import type { Command } from 'commander'
import { jsonText } from '../json-text.ts'
import { OUTBOX_HINT } from '../label-studio/label-studio-settings.ts'
import { serveBridge, type ServedBridge } from '../label-studio/serve-bridge.ts'
import { openRegister, registerName } from '../open-register.ts'
import { serve } from './server.ts'
import { WrongUsage } from '../wrong-usage.ts'
import { serveSettings, type ServeFlags, type ServeSettings } from './serve-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { teller } from './teller.ts'

const EXAMPLES = `
Examples:
  groundtrace serve
  groundtrace serve --register /var/lib/groundtrace/register.db --host 0.0.0.0 --tokens /run/secrets/tokens
  GROUNDTRACE_REGISTER=postgres://user:password@db/groundtrace groundtrace serve --tasks tasks.json

GROUNDTRACE_TOKENS holds bearer tokens itself, separated by commas, beside those of a file. Senders add the header
authorization: Bearer TOKEN. Without tokens it serves this machine only, unless --open says otherwise.

Paths: /v1/logs (OTLP/HTTP), /v1/feedback (JSON), /metrics, /healthz, /readyz; with --label-studio /label-studio/webhook`

const VOLATILE =
  'may lose what it acknowledged when the power fails: its server has fsync or synchronous_commit off. Set both to on.'

function settingsOf(command: Command, flags: ServeFlags, surroundings: Surroundings): ServeSettings {
  try {
    return serveSettings(flags, surroundings.environment)
  } catch (error) {
    if (error instanceof WrongUsage) command.error(error.message)
    throw error
  }
}

/** Serves until it is asked to stop, then answers what is on its way and closes the register. */
async function run(settings: ServeSettings, flags: ServeFlags, surroundings: Surroundings): Promise<void> {
  const { out, error, untilStopped } = surroundings
  const { where, tasks, durability, ...rest } = settings
  const name = registerName(where)
  const register = await openRegister(where, { tasks, durability })
  if (durability === 'power' && !register.capabilities.survivesPowerLoss) error(`${name} ${VOLATILE}`)
  const onTrouble = teller(error)
  let bridge: ServedBridge | undefined
  try {
    if (flags.labelStudio !== undefined) {
      bridge = serveBridge({
        plan: flags.labelStudio,
        flags,
        environment: surroundings.environment,
        register,
        onTrouble: (reason, cause) => onTrouble(reason, 0, cause),
      })
    }
    const beside = bridge === undefined ? {} : { routes: bridge.routes, annotation: bridge.status }
    const serving = await serve({ ...rest, ...beside, register, tasks, onTrouble })
    const stopped = untilStopped()
    out(flags.json ? jsonText({ url: serving.url, register: name }) : `Serving ${name} on ${serving.url}`)
    await stopped
    await serving.stop()
  } finally {
    await bridge?.stop()
    await register.close()
  }
}

/** Makes `groundtrace serve` of a command. */
export function describeServe(command: Command, surroundings: Surroundings): void {
  command
    .description('take predictions and feedback over HTTP into a register, and show its metrics')
    .option('--host <address>', 'address to listen on (default: $GROUNDTRACE_HOST, else 127.0.0.1)')
    .option('--port <number>', 'port, 0 for a free one (default: $GROUNDTRACE_PORT, else 4318)')
    .option('--tasks <file>', 'JSON list of tasks (default: $GROUNDTRACE_TASKS, else as events describe them)')
    .option('--tokens <file>', 'bearer tokens for writing, one a line (default: $GROUNDTRACE_TOKENS_FILE)')
    .option('--open', 'let everybody write who can connect, on other addresses than this machine too')
    .option('--durability <what>', 'what acknowledged lines survive: process or power (default: power)')
    .option('--horizons <seconds>', 'how often predictions are closed, 0 for never (default: 60)')
    .option('--keep <ages>', 'prune older predictions, as in 365d,triage=30d (default: $GROUNDTRACE_KEEP, or keep all)')
    .option('--label-studio <plan>', 'run the bridge to Label Studio that this plan describes, and take its webhooks')
    .option('--url <address>', 'where Label Studio is (default: $LABEL_STUDIO_URL)')
    .option('--outbox <file>', `what the bridge remembers (default: ${OUTBOX_HINT})`)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ServeFlags) => await run(settingsOf(command, flags, surroundings), flags, surroundings))
}
