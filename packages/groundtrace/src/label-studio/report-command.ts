import { annotatorReport, annotatorReportText, openOutbox, planAnswers } from '@groundtrace/label-studio'
import type { Command } from 'commander'
import { jsonText } from '../json-text.ts'
import type { Surroundings } from '../surroundings.ts'
import { OUTBOX_HINT, outboxPath, planOf, type LabelStudioFlags } from './label-studio-settings.ts'

const EXAMPLES = `
Examples:
  groundtrace label-studio report plan.yaml
  groundtrace label-studio report plan.yaml --json

It tells of people by their number in Label Studio, in no order of merit. Show it to whoever leads the annotation, and to
each of them their own part.`

/** Makes `groundtrace label-studio report` of a command. */
export function describeReport(command: Command, { environment, out }: Surroundings): void {
  command
    .description("how a crowd's annotators do, judged by truth that their own answers had no say in")
    .argument('<plan>', 'YAML file')
    .option('--outbox <file>', `what the bridge remembers (default: ${OUTBOX_HINT})`)
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: LabelStudioFlags) => {
      const plan = planOf(file)
      const outbox = openOutbox({ path: outboxPath(flags, environment), readOnly: true })
      try {
        const readAnswer = planAnswers(plan.tasks)
        const reports = plan.tasks.flatMap(({ truth: policy }) => annotatorReport({ outbox, policy, readAnswer }) ?? [])
        out(flags.json ? jsonText(reports) : reports.map(annotatorReportText).join('\n\n'))
      } finally {
        outbox.close()
      }
    })
}
