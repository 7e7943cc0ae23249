import type { AnnotatorEntry } from './annotator-entry.ts'
import type { AnnotatorReport, DriftReport } from './annotator-report.ts'
import type { Accuracy, Figure } from './figure.ts'

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
const range = ([low, high]: readonly [number, number]): string => `${percent(low)}–${percent(high)}`

function figureText(figure: Figure): string {
  if (figure.state === 'too-little') return `too little (${figure.answers})`
  return `${percent(figure.value)} (${range(figure.interval)}; ${figure.answers})`
}

function accuracyText(accuracy: Accuracy): string {
  const { answers, effective } = accuracy
  const worth = `${answers} answers that say as much as ${Math.round(effective)} sure ones`
  if (accuracy.state === 'too-little') return `too little (${worth})`
  return `${percent(accuracy.value)} (${range(accuracy.interval)}; ${worth})`
}

const rightText = ({ accuracy }: AnnotatorEntry): string =>
  accuracy.byExperts > 0 ? `${accuracyText(accuracy)}, ${accuracy.byExperts} by experts` : accuracyText(accuracy)

function paceText({ pace }: AnnotatorEntry): string {
  if (pace.state === 'too-little') return `too little (${pace.answers})`
  return `${pace.secondsMedian.toFixed(1)} s, ${pace.relative.toFixed(2)} × that of others, ${pace.tooFast} of ${pace.answers} too fast`
}

function serumLines({ serum }: AnnotatorEntry): readonly string[] {
  if (serum === undefined) return []
  if (serum.state === 'too-little') return [`  serum      too little (${serum.units})`]
  const { total, interval, information, prediction, units } = serum
  const [low, high] = interval
  return [
    `  serum      ${total.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)}; ${units}): information ${information.toFixed(3)}, prediction ${prediction.toFixed(3)}`,
  ]
}

function noticesOf({ careless, drift, sharesErrorsWith, edited }: AnnotatorEntry): readonly string[] {
  return [
    ...(careless.haste === 'yes' ? ['answers faster than the task can be read'] : []),
    ...(careless.habit === 'yes' ? ['answers hardly depend on the task'] : []),
    ...(drift?.drifted === true
      ? [`changed in the last period: ${(100 * drift.value).toFixed(0)} points of accuracy more than others`]
      : []),
    ...(sharesErrorsWith.length > 0
      ? [
          `shares more mistakes than skill explains with ${sharesErrorsWith.join(', ')}: look at the tasks before asking`,
        ]
      : []),
    ...(edited > 0 ? [`${edited} answers were written over by somebody else and do not count`] : []),
  ]
}

function confusionText({ confusion }: AnnotatorEntry): string {
  return Object.entries(confusion)
    .flatMap(([truth, answers]) =>
      Object.entries(answers).flatMap(([answer, count]) =>
        answer !== truth && count > 0 ? [`${truth} → ${answer} ${count}`] : [],
      ),
    )
    .join(', ')
}

function entryLines(entry: AnnotatorEntry): readonly string[] {
  const { annotator, group, answers, skipped, unclear, influence } = entry
  const mistakes = confusionText(entry)
  return [
    `Annotator ${annotator}${group === undefined ? '' : ` (${group})`}: ${answers} answers, ${skipped} skipped, ${unclear} flagged as unclear`,
    `  right      ${rightText(entry)}`,
    ...(mistakes === '' ? [] : [`  mistakes   ${mistakes}`]),
    `  agreement  ${figureText(entry.agreement)}${influence === undefined ? '' : `, influence on alpha ${influence.toFixed(3)}`}`,
    `  pace       ${paceText(entry)}`,
    ...serumLines(entry),
    ...noticesOf(entry).map((notice) => `  notice     ${notice}`),
  ]
}

const DRIFT_TEXTS: Readonly<Record<DriftReport['verdict'], string>> = {
  none: 'nobody changed',
  raters: 'single annotators changed, the others did not',
  many: 'all changed together: look at the guidelines, and at whether the world has moved',
  unknown: 'too little to tell',
}

function driftLine(by: string, drift: DriftReport | undefined): readonly string[] {
  if (drift === undefined) return []
  const who = drift.drifted.length === 0 ? '' : ` (${drift.drifted.join(', ')})`
  return [`Since ${drift.current}, ${by}: ${DRIFT_TEXTS[drift.verdict]}${who}`]
}

function groupLines({ groups }: AnnotatorReport): readonly string[] {
  return groups.map(({ group, annotators, answers, share, interval, serves, represented, weight, accuracy }) => {
    const served = serves === undefined ? '' : `, stands for ${percent(serves)} of those served`
    const verdict = represented === 'unknown' ? '' : `: ${represented}-represented`
    const heavy = weight === undefined ? '' : `, weight ${weight.toFixed(2)}`
    const right = `; right ${accuracyText(accuracy)}`
    return `Group ${group}: ${annotators} annotators, ${answers} answers, ${percent(share)} (${range(interval)})${served}${verdict}${heavy}${right}`
  })
}

/** The report as plain text, people in order of their numbers. */
export function annotatorReportText(report: AnnotatorReport): string {
  const { project, annotators, agreement, consensus, faults, pairsUntested } = report
  const { alpha, interval, band, warnings } = agreement
  const alphaText =
    alpha === undefined
      ? 'not defined'
      : `${alpha.toFixed(3)}${interval === undefined ? '' : ` (${interval[0].toFixed(3)} to ${interval[1].toFixed(3)})`}, ${band}`
  return [
    `Project ${project}: ${consensus.answers} answers of ${consensus.annotators} annotators for ${consensus.units} units`,
    `Agreement (Krippendorff's alpha): ${alphaText}`,
    ...warnings.map(({ message }) => `  ${message}`),
    `Put together by: ${consensus.method} (${consensus.state})`,
    ...driftLine('by all truth', report.drift),
    ...driftLine('by experts', report.driftByExperts),
    ...Object.entries(faults).map(([fault, count]) => `Left out, ${fault}: in ${count} answers`),
    ...(pairsUntested > 0 ? [`Copying: ${pairsUntested} pairs have too little in common to tell`] : []),
    ...groupLines(report),
    ...annotators.flatMap((entry) => ['', ...entryLines(entry)]),
    '',
  ].join('\n')
}
