import {
  annotatorReport,
  annotatorReportText,
  planAnswers,
  qualityReport,
  qualityReportText,
  truthReport,
  truthReportText,
  type AnnotatorReport,
  type QualityReport,
  type TruthReport,
} from '@groundtrace/label-studio'
import type { Command } from 'commander'
import { jsonText } from '../json-text.ts'
import type { Surroundings } from '../surroundings.ts'
import { OUTBOX_HINT, outboxToRead, planOf, type LabelStudioFlags } from './label-studio-settings.ts'

/** Of one task of the plan. Undefined figures are left out. */
interface TaskReport {
  readonly task: string
  /** Of the model, by random picks alone. */
  readonly quality: QualityReport
  readonly truth: TruthReport
  /** Absent without a crowd. */
  readonly annotators?: AnnotatorReport
}

const EXAMPLES = `
Examples:
  groundtrace label-studio report plan.yaml
  groundtrace label-studio report plan.yaml --json

Annotators are judged by truth that their own answers had no say in. People are named by their number in Label Studio, in
no order of merit. Show it to whoever leads the annotation, and to
each of them their own part.`

function reportText({ task, quality, truth, annotators }: TaskReport): string {
  const parts = [`Task ${task}`, qualityReportText(quality), truthReportText(truth)]
  return [...parts, ...(annotators ? [annotatorReportText(annotators)] : [])].join('\n')
}

/** Makes `groundtrace label-studio report` of a command. */
export function describeReport(command: Command, { environment, out }: Surroundings): void {
  command
    .description('how good the model is, where truth stands and why it is not settled, and how annotators do')
    .argument('<plan>', 'YAML file')
    .option('--outbox <file>', `what the bridge remembers (default: ${OUTBOX_HINT})`)
    .addHelpText('after', EXAMPLES)
    .action((file: string, flags: LabelStudioFlags) => {
      const plan = planOf(file)
      const outbox = outboxToRead(flags, environment)
      try {
        const readAnswer = planAnswers(plan.tasks)
        const reports = plan.tasks.map(({ name, truth: policy }): TaskReport => {
          const from = { outbox, policy, readAnswer }
          const annotators = annotatorReport(from)
          return {
            task: name,
            quality: qualityReport(from),
            truth: truthReport(from),
            ...(annotators && { annotators }),
          }
        })
        out(flags.json ? jsonText(reports) : reports.map(reportText).join('\n'))
      } finally {
        outbox.close()
      }
    })
}
