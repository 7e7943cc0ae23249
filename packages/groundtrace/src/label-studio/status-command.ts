import { bridgeStatus, type BridgeStatus, type Gap } from '@groundtrace/label-studio'
import type { Command } from 'commander'
import { jsonText } from '../json-text.ts'
import type { Surroundings } from '../surroundings.ts'
import { textTable } from '../text-table.ts'
import { OUTBOX_HINT, outboxToRead, type LabelStudioFlags } from './label-studio-settings.ts'

const EXAMPLES = `
Examples:
  groundtrace label-studio status
  groundtrace label-studio status --outbox /var/lib/groundtrace/outbox.db --json

Also while the bridge runs. It names nobody, and no prediction.`

type ToldGap = Gap & { readonly recorded: number }

function statusText({ units, answers, feedback }: BridgeStatus, gaps: readonly ToldGap[]): string {
  const rows = units.map(({ project, state, reason, why, units: number }) => [
    project,
    why === undefined ? state : `${state}: ${why}`,
    reason,
    String(number),
  ])
  const figures = [
    ...answers.map(({ kind, answers: number }) => `${number} answers ${kind}`),
    ...Object.entries(feedback).map(([status, number]) => `${number} lines for the register ${status}`),
  ]
  const told = gaps.map(
    ({ project, recorded, units: lost, answers: kept, detail }) =>
      `${new Date(recorded).toISOString()} ${project}: ${lost} units, ${kept} answers. ${detail}`,
  )
  const table = textTable(['PROJECT', 'STATE', 'PICKED BY', 'UNITS']).rows(rows).trimEnd()
  return [table === '' ? 'Nothing was picked yet.' : table, ...figures, ...told].join('\n')
}

/** Makes `groundtrace label-studio status` of a command. */
export function describeStatus(command: Command, { environment, out }: Surroundings): void {
  command
    .description('where what was picked for annotation stands, and what does not add up')
    .option('--outbox <file>', `what the bridge remembers (default: ${OUTBOX_HINT})`)
    .addHelpText('after', EXAMPLES)
    .action((flags: LabelStudioFlags) => {
      const outbox = outboxToRead(flags, environment)
      try {
        const [status, gaps] = [bridgeStatus(outbox), outbox.gaps.latest()]
        out(flags.json ? jsonText({ ...status, gaps }) : statusText(status, gaps))
      } finally {
        outbox.close()
      }
    })
}
