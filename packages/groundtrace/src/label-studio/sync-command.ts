import { bridgePlan, openOutbox, type BridgeTick } from '@groundtrace/label-studio'
import type { Command } from 'commander'
import { jsonText } from '../json-text.ts'
import { teller } from '../serve/teller.ts'
import type { Surroundings } from '../surroundings.ts'
import { withRegister } from '../with-register.ts'
import {
  drawSecretOf,
  labelStudioOf,
  OUTBOX_HINT,
  outboxPath,
  planOf,
  type LabelStudioFlags,
} from './label-studio-settings.ts'

interface SyncFlags extends LabelStudioFlags {
  readonly once?: true
}

const EXAMPLES = `
Examples:
  groundtrace label-studio sync plan.yaml --once
  groundtrace label-studio sync plan.yaml --register postgres://user@db/groundtrace --outbox /var/lib/groundtrace/outbox.db

Picks predictions, sends them, reads answers and settles truth; without --once until it is stopped. It may be killed at any
moment. One process at a time works on an outbox: where groundtrace serve has the plan, it does this by itself.`

const WORDS: readonly (readonly [keyof Omit<BridgeTick, 'troubles'>, string])[] = [
  ['picked', 'picked'],
  ['sent', 'sent'],
  ['found', 'found again'],
  ['dropped', 'dropped'],
  ['waiting', 'waiting to be looked for'],
  ['changes', 'answers new or changed'],
  ['feedback', 'lines for the register'],
]

/** What a tick did, in one line; empty for nothing. */
function tickText(tick: BridgeTick): string {
  return WORDS.flatMap(([figure, words]) => (tick[figure] === 0 ? [] : [`${tick[figure]} ${words}`])).join(', ')
}

/**
 * Makes `groundtrace label-studio sync` of a command.
 * @param fail called when a step of the only round failed
 */
export function describeSync(command: Command, surroundings: Surroundings, fail: () => void): void {
  const { environment, out, error, untilStopped } = surroundings
  command
    .description('send picked predictions to Label Studio, and bring back what annotators say')
    .argument('<plan>', 'YAML file, which was applied')
    .option('--url <address>', 'where Label Studio is (default: $LABEL_STUDIO_URL)')
    .option('--outbox <file>', `what the bridge remembers (default: ${OUTBOX_HINT})`)
    .option('--once', 'one round, then end')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: SyncFlags) => {
      const plan = planOf(file)
      const labelStudio = labelStudioOf(flags, environment)
      const secret = drawSecretOf(environment)
      const outbox = openOutbox({ path: outboxPath(flags, environment), secret })
      const tell = teller(error)
      try {
        await withRegister(
          flags.register,
          environment,
          async (register) => {
            const bridge = await bridgePlan({
              plan,
              labelStudio,
              outbox,
              register,
              secret,
              onTrouble: ({ step, project, error: cause }) =>
                tell(project === undefined ? step : `${step} of ${project}`, 0, cause),
            })
            if (flags.once) {
              const tick = await bridge.tick()
              const { troubles, ...figures } = tick
              out(
                flags.json
                  ? jsonText({ ...figures, failed: troubles.map(({ step }) => step) })
                  : tickText(tick) || 'Nothing to do.',
              )
              if (troubles.length > 0) fail()
              return
            }
            const stop = new AbortController()
            void untilStopped().then(() => stop.abort())
            await bridge.run(stop.signal, (tick) => {
              const text = tickText(tick)
              if (text !== '') out(text)
            })
          },
          { readOnly: false },
        )
      } finally {
        outbox.close()
      }
    })
}
