import type { Quality } from './quality.ts'
import type { JobResult } from './result.ts'
import { refusedInWords, TERMS } from './terms.ts'
import { caveatsOf, verdictOf } from './verdict.ts'
import { count, percent, percentInterval, table, wrapped } from './words.ts'

const COLUMNS = 100

const indent = (text: string): string => text.replaceAll(/^/gm, '  ')

function section(title: string, rows: readonly (readonly string[])[], ...notes: readonly string[]): string {
  const explained = notes.map((note) => `\n${paragraph(note)}`).join('')
  return `${title}\n${indent(table(rows))}${explained}`
}

const paragraph = (text: string): string => indent(wrapped(text, COLUMNS - 2))

const list = (title: string, sentences: readonly string[]): string =>
  `${title}\n${sentences.map((sentence) => indent(wrapped(`- ${sentence}`, COLUMNS - 2, '  '))).join('\n')}`

const qualityRow = (name: string, quality: Quality): readonly string[] => [
  name,
  percent(quality.balancedAccuracy),
  percent(quality.accuracy),
  percent(quality.precision),
  percent(quality.recall),
]

function qualityTable({ models: { filter } }: JobResult): string {
  return section(
    'Quality against the data’s truth',
    [
      ['', 'balanced accuracy', 'accuracy', 'precision', 'recall'],
      qualityRow('closed loop', filter.loop),
      qualityRow('frozen', filter.frozen),
    ],
    TERMS.frozen,
    TERMS.accuracy,
    TERMS.precision,
  )
}

function holdoutTable({ models: { filter } }: JobResult): string {
  const { naive, estimated, actual } = filter.holdout
  const row = (figure: 'precision' | 'recall'): readonly string[] => [
    figure,
    percent(naive[figure]),
    percent(estimated[figure].value),
    percentInterval(estimated[figure].interval),
    count(Math.round(estimated[figure].effectiveSampleSize)),
    percent(actual[figure]),
  ]
  return section(
    'What a monitor sees of the live filter',
    [['', 'naive', 'estimated', '95 % interval', 'worth', 'true'], row('precision'), row('recall')],
    TERMS.naive,
    TERMS.estimated,
    TERMS.worth,
  )
}

function generationTable({ models: { filter } }: JobResult): string {
  return section(
    'Generations: versions that went live',
    [
      ['version', 'examples', 'mails', 'balanced accuracy', 'frozen', 'drift alarms'],
      ...filter.generations.map((generation) => [
        generation.version,
        count(generation.examples),
        count(generation.predictions),
        percent(generation.balancedAccuracy),
        percent(generation.frozenBalancedAccuracy),
        count(generation.driftAlarms),
      ]),
    ],
    refusedInWords(filter.trained, filter.generations.length),
  )
}

function funnelTable({ predictions, feedback, outcomes, examples }: JobResult): string {
  return section(
    'From mail to example',
    [
      ['live predictions', count(predictions)],
      ['answers joined to them', count(feedback.joined)],
      ['  sent twice', count(feedback.duplicate)],
      ['  rejected', count(feedback.rejected)],
      ...Object.entries(outcomes).map(([state, number]) => [`outcomes ${state}`, count(number)]),
      ['training examples', count(examples.training)],
      ['  from the cold start', count(examples.coldStart)],
      ['validation examples', count(examples.validation)],
    ],
    TERMS.outcomes,
    TERMS.coldStart,
    TERMS.reused,
  )
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
    list('Verdict', verdictOf(result)),
    list('Read with care', caveatsOf(result)),
    `${seconds.toFixed(1)} s, ${rssMb.toFixed(0)} MiB\nReport: ${report}`,
  ].join('\n\n')
}
