import { readFileSync } from 'node:fs'
import { GroundtraceError } from '@groundtrace/core'
import { LabelStudioError } from '@groundtrace/label-studio'
import { Command, CommanderError } from 'commander'
import { describeBackup } from './backup-command.ts'
import { common, type CommonOptions } from './common-options.ts'
import { describeDoctor } from './doctor-command.ts'
import { describeErase } from './erase-command.ts'
import { describeFeedback } from './feedback-command.ts'
import { jsonText } from './json-text.ts'
import { describeLabelStudio } from './label-studio/label-studio-command.ts'
import { lineageText } from './lineage-text.ts'
import { lineageOf } from './lineage.ts'
import { describeMaturity } from './maturity-command.ts'
import { describeOutcomes } from './outcomes-command.ts'
import { describePredictions } from './predictions-command.ts'
import { describePrune } from './prune-command.ts'
import { describeServe } from './serve/serve-command.ts'
import { OutputError } from './line-writer.ts'
import type { Surroundings } from './surroundings.ts'
import { traceText, unknownText } from './trace-text.ts'
import { awaitedBy, faultOfId, predictionsBy, traceOf, waitingFor } from './trace.ts'
import { withRegister } from './with-register.ts'
import { WrongUsage } from './wrong-usage.ts'

/** Predictions of one trace that are shown. */
const MOST_TRACES = 100

/** Exit codes: done, not found or failed, wrong usage. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const

/** The version of this package. */
function versionOfPackage(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}

/**
 * Runs one command line.
 * @returns the exit code: 0 done, 1 not found or failed, 2 wrong usage
 */
export async function runCommand(arguments_: readonly string[], surroundings: Surroundings): Promise<number> {
  const { environment, out, error } = surroundings
  let exitCode: number = EXIT.done
  const program = new Command('groundtrace')
    .description('Everything known of a prediction, and what became of the feedback on it')
    .version(versionOfPackage(), '-V, --version', 'print the version')
    .showHelpAfterError('Run groundtrace --help for the commands.')
    .exitOverride()
    // What stands behind a command is meant for it: --version, of a model.
    .enablePositionalOptions()
    .configureOutput({ writeOut: out, writeErr: error })

  common(program.command('trace'))
    .description('everything known of one prediction: span, features, feedback, outcomes, data sets, versions')
    .argument('<id>', 'tracking ID of a prediction, of a batch or of a feedback on one, or a trace ID')
    .addHelpText(
      'after',
      '\nExamples:\n  groundtrace trace 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7\n  groundtrace trace 4bf92f3577b34da6a3ce929d0e0e4736 --json',
    )
    .action(async (id: string, options: CommonOptions, command: Command) => {
      const fault = faultOfId(id)
      if (fault !== undefined) command.error(fault)
      const { found, traces, unjoined } = await withRegister(options.register, environment, async (register) => {
        const ids = await predictionsBy(register, id)
        const shown = await Promise.all(ids.slice(0, MOST_TRACES).map(async (one) => await traceOf(register, one)))
        const unjoined =
          ids.length === 0
            ? { awaited: await awaitedBy(register, id), waiting: await waitingFor(register, id) }
            : { waiting: [] }
        return { found: ids.length, traces: shown.filter((trace) => trace !== undefined), unjoined }
      })
      if (traces.length === 0) {
        error(unknownText(id, unjoined))
        exitCode = EXIT.failed
        return
      }
      out(options.json ? jsonText(traces.length === 1 ? traces[0] : traces) : traces.map(traceText).join('\n\n'))
      if (found > traces.length) {
        error(`These are the first ${traces.length} of ${found} predictions of the trace. Name one by its tracking ID.`)
      }
    })

  common(program.command('lineage'))
    .description('what happened to data sets and model versions, and why')
    .argument('[version]', 'one version only')
    .addHelpText('after', '\nExamples:\n  groundtrace lineage\n  groundtrace lineage 2-8ca89615 --json')
    .action(async (version: string | undefined, options: CommonOptions) => {
      const lineage = await withRegister(
        options.register,
        environment,
        async (register) => await lineageOf(register, version),
      )
      out(options.json ? jsonText(lineage) : lineageText(lineage))
    })

  describePredictions(common(program.command('predictions')), surroundings)
  describeFeedback(common(program.command('feedback')), surroundings)
  describeOutcomes(common(program.command('outcomes')), surroundings)
  describeMaturity(common(program.command('maturity')), surroundings)
  describeErase(common(program.command('erase')), surroundings, () => {
    exitCode = EXIT.failed
  })
  describePrune(common(program.command('prune')), surroundings)
  describeBackup(common(program.command('backup')), surroundings)
  describeDoctor(common(program.command('doctor')), surroundings, () => {
    exitCode = EXIT.failed
  })
  describeServe(common(program.command('serve')), surroundings)
  describeLabelStudio(program.command('label-studio'), surroundings, () => {
    exitCode = EXIT.failed
  })

  try {
    await program.parseAsync(arguments_, { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage
    const isTold =
      GroundtraceError.isInstance(thrown) || LabelStudioError.isInstance(thrown) || thrown instanceof OutputError
    if (!isTold) throw thrown
    error(thrown.message)
    return thrown instanceof WrongUsage ? EXIT.usage : EXIT.failed
  }
}
