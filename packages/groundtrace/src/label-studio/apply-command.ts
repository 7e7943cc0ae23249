import { applyPlan, diffText, isToDo, planChanges, type Change } from '@groundtrace/label-studio'
import type { Command } from 'commander'
import { jsonText } from '../json-text.ts'
import type { Surroundings } from '../surroundings.ts'
import { labelStudioOf, planOf, webhookSecretOf, type LabelStudioFlags } from './label-studio-settings.ts'

interface ApplyFlags extends LabelStudioFlags {
  readonly dryRun?: true
  readonly yes?: true
}

const EXAMPLES = `
Examples:
  groundtrace label-studio apply plan.yaml --dry-run
  LABEL_STUDIO_URL=https://label.example.com LABEL_STUDIO_API_KEY=… groundtrace label-studio apply plan.yaml

What the plan says is set, all else is left alone, and nothing is ever deleted. Again: nothing changes.`

function summary(changes: readonly Change[], isDry: boolean): string {
  const [done, refused] = [changes.filter(isToDo).length, changes.filter(({ kind }) => kind === 'refused').length]
  const what = isDry ? `${done} changes to make` : `${done} changes made`
  return refused === 0 ? `${what}.` : `${what}, ${refused} refused.`
}

/**
 * Makes `groundtrace label-studio apply` of a command.
 * @param fail called when some of the plan was refused
 */
export function describeApply(command: Command, { environment, out, confirm }: Surroundings, fail: () => void): void {
  command
    .description('make the projects of a plan in Label Studio, and heal those that are there')
    .argument('<plan>', 'YAML file')
    .option('--url <address>', 'where Label Studio is (default: $LABEL_STUDIO_URL)')
    .option('--dry-run', 'only say what would change')
    .option('--yes', 'do not ask at a terminal')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: ApplyFlags) => {
      const plan = planOf(file)
      const labelStudio = labelStudioOf(flags, environment)
      const webhookSecret = webhookSecretOf(plan, environment)
      const options = webhookSecret === undefined ? {} : { webhookSecret }
      const changes = await planChanges(labelStudio, plan, options)
      if (!flags.json && changes.length > 0) out(diffText(changes))
      const asks = !(flags.json || flags.dryRun || flags.yes) && changes.some(isToDo)
      if (asks && confirm !== undefined && !(await confirm('Change this in Label Studio?'))) {
        out('Nothing was changed.')
        fail()
        return
      }
      const applied = flags.dryRun ? { changes, projects: [] } : await applyPlan(labelStudio, plan, options)
      out(flags.json ? jsonText(applied) : summary(applied.changes, flags.dryRun === true))
      if (applied.changes.some(({ kind }) => kind === 'refused')) fail()
    })
}
