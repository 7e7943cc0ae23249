import type { Lineage, LineageEntry } from './lineage.ts'
import { oneLine } from './trace-text.ts'

/** Longest reason that is shown: those of the promotion gate have figures at their end. */
const REASON_SHOWN = 600

const reasonOf = ({ reason }: LineageEntry): string => oneLine(reason, REASON_SHOWN)

/** A whole number, its thousands apart. */
const count = (value: unknown): string => (typeof value === 'number' ? value.toLocaleString('en-US') : oneLine(value))

const counted = (value: unknown, thing: string): string => `${count(value)} ${thing}${value === 1 ? '' : 's'}`

/** `, of which 2 are erased and 1 is pruned`; nothing where none was lost. */
function lostText({ lost }: LineageEntry): string {
  const parts = Object.entries((lost ?? {}) as Readonly<Record<string, number>>)
    .map(([by, examples]) => `${count(examples)} ${examples === 1 ? 'is' : 'are'} ${by}`)
    .join(' and ')
  return parts === '' ? '' : `, of which ${parts}`
}

const day = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ')

/** What each kind of line says, by its fields. */
const SAYS: Readonly<Record<LineageEntry['kind'], (line: LineageEntry) => string>> = {
  'data-set-made': (line) =>
    `${oneLine(line.dataSet)}: ${oneLine(line.role)} set of ${counted(line.examples, 'example')} for ${oneLine(line.task)}${lostText(line)}`,
  'retraining-asked': (line) =>
    `retraining of ${oneLine(line.model)} asked by ${oneLine(line.trigger)}: ${reasonOf(line)}`,
  'version-trained': (line) =>
    `${oneLine(line.model)} ${oneLine(line.version)} trained on ${oneLine(line.trainedOn)}${line.validatedOn === undefined ? '' : `, validated on ${oneLine(line.validatedOn)}`}`,
  'gate-decided': (line) =>
    `gate: ${oneLine(line.verdict)} ${oneLine(line.candidate)} against ${oneLine(line.champion)}: ${reasonOf(line)}`,
  'version-deployed': (line) => `${oneLine(line.model)} ${oneLine(line.version)} deployed: ${reasonOf(line)}`,
  'version-retired': (line) => `${oneLine(line.model)} ${oneLine(line.version)} retired: ${reasonOf(line)}`,
  'version-seen': (line) =>
    `${oneLine(line.model)} ${oneLine(line.version)} seen to predict${line.previous === undefined ? '' : `, after ${oneLine(line.previous)}`}; nobody had declared it deployed`,
}

/** The lineage for a person at a terminal, oldest first. */
export function lineageText({ versions, lines }: Lineage): string {
  if (versions.length === 0 && lines.length === 0) return 'No data set and no version yet.'
  const rows = versions.map(
    ({ model, version, trainedOn, predictions }) =>
      `  ${model} ${version}  ${counted(predictions, 'prediction')}${trainedOn === undefined ? '' : `, trained on ${trainedOn}`}`,
  )
  return [
    'Versions',
    ...rows,
    '',
    'What happened',
    ...lines.map((line) => `  ${day(line.time)}  ${SAYS[line.kind](line)}`),
  ].join('\n')
}
