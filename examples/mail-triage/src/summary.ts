import type { Quality } from './quality.ts'
import type { JobResult } from './result.ts'
import { CAVEATS, verdictOf } from './verdict.ts'
import { count, percent, percentInterval, table } from './words.ts'
import { WORLD } from './world.ts'

const indent = (text: string): string => text.replaceAll(/^/gm, '  ')

function section(title: string, rows: readonly (readonly string[])[]): string {
  return `${title}\n${indent(table(rows))}`
}

const qualityRow = (name: string, quality: Quality): readonly string[] => [
  name,
  percent(quality.balancedAccuracy),
  percent(quality.accuracy),
  percent(quality.precision),
  percent(quality.recall),
]

function qualityTable({ models: { filter } }: JobResult): string {
  return section('Quality against the data’s truth', [
    ['', 'balanced', 'accuracy', 'precision', 'recall'],
    qualityRow('loop', filter.loop),
    qualityRow('frozen first version', filter.frozen),
  ])
}

function holdoutTable({ models: { filter } }: JobResult): string {
  const { naive, estimated, actual } = filter.holdout
  const row = (figure: 'precision' | 'recall'): readonly string[] => [
    figure,
    percent(naive[figure]),
    percent(estimated[figure].value),
    percentInterval(estimated[figure].interval),
    estimated[figure].effectiveSampleSize.toFixed(0),
    percent(actual[figure]),
  ]
  return section('What a monitor sees of the live filter', [
    ['', 'naive', 'estimated', '95 %', 'worth', 'true'],
    row('precision'),
    row('recall'),
  ])
}

function generationTable({ models: { filter } }: JobResult): string {
  return section('Generations', [
    ['version', 'examples', 'mails', 'balanced', 'frozen', 'drift alarms'],
    ...filter.generations.map((generation) => [
      generation.version,
      count(generation.examples),
      count(generation.predictions),
      percent(generation.balancedAccuracy),
      percent(generation.frozenBalancedAccuracy),
      count(generation.driftAlarms),
    ]),
  ])
}

function funnelTable({ predictions, feedback, outcomes, examples }: JobResult): string {
  return section('From mail to example', [
    ['predictions', count(predictions)],
    ['feedback joined', count(feedback.joined)],
    ['  sent twice', count(feedback.duplicate)],
    ['  rejected', count(feedback.rejected)],
    ...Object.entries(outcomes).map(([state, number]) => [`outcomes ${state}`, count(number)]),
    ['training examples', count(examples.training)],
    ['validation examples', count(examples.validation)],
  ])
}

/** The simulated people, as declared. */
export function worldInWords(): string {
  const [soonest, latest] = WORLD.auditDelayHours
  return [
    `${percent(WORLD.answerShare)} of the mails that somebody sees are answered, after ${WORLD.answerMeanDelayHours} hours on average;`,
    `${percent(WORLD.answerErrorShare)} of the answers are wrong, ${percent(WORLD.doubleClickShare)} are sent twice, ${percent(WORLD.changeOfMindShare)} are changed,`,
    `${percent(WORLD.secondReaderShare)} are joined by a second reader's. Auditors answer truly within ${soonest} to ${latest} hours.`,
  ].join(' ')
}

/** The closing summary of a run. */
export function summaryOf(result: JobResult): string {
  const { data, seed, seconds, rssMb, report } = result
  return [
    `${data.name} (${data.licence}): ${count(data.records)} mails, seed ${seed}`,
    qualityTable(result),
    holdoutTable(result),
    generationTable(result),
    funnelTable(result),
    `Verdict\n${indent(verdictOf(result).join('\n'))}`,
    `Read with care\n${indent([...CAVEATS, worldInWords()].join('\n'))}`,
    `${seconds.toFixed(1)} s, ${rssMb.toFixed(0)} MiB\nReport: ${report}`,
  ].join('\n\n')
}
