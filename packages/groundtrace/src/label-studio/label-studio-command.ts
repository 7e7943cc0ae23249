import type { Command } from 'commander'
import { common } from '../common-options.ts'
import type { Surroundings } from '../surroundings.ts'
import { describeApply } from './apply-command.ts'
import { describeReport } from './report-command.ts'
import { describeStatus } from './status-command.ts'
import { describeSync } from './sync-command.ts'

/**
 * Makes `groundtrace label-studio` and its commands of a command.
 * @param fail called when a command did not do all that it was asked for
 */
export function describeLabelStudio(command: Command, surroundings: Surroundings, fail: () => void): void {
  command.description('have people annotate predictions in Label Studio, and bring back what they say')
  describeApply(common(command.command('apply')), surroundings, fail)
  describeSync(common(command.command('sync')), surroundings, fail)
  describeStatus(common(command.command('status')), surroundings)
  describeReport(common(command.command('report')), surroundings)
}
