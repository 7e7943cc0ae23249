import type { QualityFigure, QualityReport } from './quality-report.ts'

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`

function figureText({ value, interval, effectiveSampleSize }: QualityFigure): string {
  if (value === undefined || interval === undefined) return 'not known'
  const [low, high] = interval
  return `${percent(value)} (${percent(low)}–${percent(high)}; ${effectiveSampleSize.toFixed(0)} effective)`
}

/** The report as plain text. */
export function qualityReportText({ drawn, standFor, known, accuracy, bounds, classes }: QualityReport): string {
  if (bounds === undefined) return 'Quality: nothing was drawn at random yet, so nothing is known\n'
  const [low, high] = bounds
  return [
    `Quality, by random picks alone: truth is known of ${known} of ${drawn}, which stand for ${standFor.toFixed(0)} predictions`,
    `  right        ${figureText(accuracy)}; ${percent(low)} to ${percent(high)} whatever is true of the others`,
    ...Object.entries(classes).map(
      ([name, { precision, recall }]) => `  ${name}: precision ${figureText(precision)}, recall ${figureText(recall)}`,
    ),
    '',
  ].join('\n')
}
