import * as Plot from '@observablehq/plot'
import type { JobRecord } from '../job-record.ts'
import type { FilterResult, JobResult } from '../result.ts'
import { TERMS } from '../terms.ts'
import { count } from '../words.ts'
import { COLOUR, type Chart } from './chart.ts'
import { deploymentRules } from './timeline.ts'

const percentTick = (value: number): string => `${Math.round(value * 100)} %`

/** Drift of the scores against what chance alone reaches. */
export function driftChart(record: JobRecord): Chart {
  const known = record.samples.flatMap(({ mails, drift }) =>
    drift.state === 'blind' ? [] : [{ mails, psi: drift.psi, threshold: drift.threshold }],
  )
  const top = Math.max(0.1, ...known.flatMap(({ psi, threshold }) => [psi, threshold]))
  return {
    title: 'Drift of the scores, and what chance reaches',
    note: 'Population stability index of the latest scores against those from before the version went live. Above the threshold it is an alarm; where the line is missing, too few scores were seen to say anything. The scale is a square root, so that small values can be told apart.',
    description:
      'Line chart, on a square-root scale, of the population stability index of scores and its chance threshold',
    legend: [
      { name: 'index', colour: COLOUR.loop },
      { name: 'what chance reaches', colour: COLOUR.frozen },
    ],
    options: {
      x: { label: 'live mails' },
      marginTop: 32,
      y: {
        grid: true,
        type: 'sqrt',
        domain: [0, top],
        ticks: [0, 0.1, 0.5, 1, 2, 4, 8].filter((tick) => tick <= top),
        label: 'index (square-root scale)',
      },
      marks: [
        deploymentRules(record),
        Plot.lineY(known, { x: 'mails', y: 'psi', stroke: COLOUR.loop, strokeWidth: 2 }),
        Plot.lineY(known, { x: 'mails', y: 'threshold', stroke: COLOUR.frozen, strokeDasharray: '5,4' }),
      ],
    },
  }
}

/** How many predictions come to be known. */
export function funnelChart({ predictions, outcomes, examples }: JobResult): Chart {
  const bars = [
    { step: 'live predictions', mails: predictions },
    { step: 'somebody could answer', mails: predictions - outcomes.censored },
    { step: 'truth is known', mails: outcomes.settled },
    { step: 'used in training', mails: examples.training - examples.coldStart },
    { step: 'used in validation', mails: examples.validation },
  ]
  return {
    title: 'From prediction to example',
    note: `Blocked mail that was not released can’t be answered. ${TERMS.reused} The ${count(examples.coldStart)} examples of the cold start are left out.`,
    description: bars.map(({ step, mails }) => `${step}: ${count(mails)}`).join('; '),
    options: {
      height: 180,
      marginTop: 4,
      marginBottom: 4,
      marginLeft: 166,
      marginRight: 48,
      x: { axis: null },
      y: { domain: bars.map(({ step }) => step), label: null },
      marks: [
        Plot.barX(bars, { x: 'mails', y: 'step', fill: COLOUR.loop, rx: 3 }),
        Plot.text(bars, {
          x: 'mails',
          y: 'step',
          text: ({ mails }: { mails: number }) => count(mails),
          textAnchor: 'start',
          dx: 6,
        }),
      ],
    },
  }
}

/** Naive, estimated and true precision and recall. */
export function holdoutChart({ holdout }: FilterResult): Chart {
  const figures = ['precision', 'recall'] as const
  const dots = figures.flatMap((figure) => [
    { figure, what: 'naive', value: holdout.naive[figure] },
    { figure, what: 'estimated', value: holdout.estimated[figure].value },
    { figure, what: 'true', value: holdout.actual[figure] },
  ])
  const intervals = figures.flatMap((figure) => {
    const { interval } = holdout.estimated[figure]
    return interval === null ? [] : [{ figure, low: interval[0], high: interval[1] }]
  })
  const legend = [
    { name: 'naive', colour: COLOUR.naive },
    { name: 'estimated', colour: COLOUR.loop },
    { name: 'true', colour: COLOUR.truth },
  ]
  return {
    title: 'What the holdout sees and a naive monitor does not',
    note: `${TERMS.naive} ${TERMS.estimated} The bar is the 95 % interval.`,
    description: 'Dot chart of naive, estimated and true precision and recall',
    legend,
    options: {
      height: 120,
      marginTop: 4,
      marginBottom: 28,
      marginLeft: 76,
      x: { domain: [0, 1], tickFormat: percentTick, grid: true, label: null },
      y: { domain: [...figures], label: null },
      color: { domain: legend.map(({ name }) => name), range: legend.map(({ colour }) => colour) },
      marks: [
        Plot.ruleY(intervals, {
          x1: 'low',
          x2: 'high',
          y: 'figure',
          stroke: COLOUR.loop,
          strokeWidth: 6,
          strokeOpacity: 0.35,
        }),
        Plot.dot(dots, { x: 'value', y: 'figure', fill: 'what', r: 5, symbol: 'what' }),
      ],
    },
  }
}

/** Balanced accuracy of each generation beside the frozen version on the same mails. */
export function generationChart({ generations }: FilterResult): Chart {
  const points = generations.flatMap(({ version, balancedAccuracy, frozenBalancedAccuracy }) => [
    { version, series: 'closed loop', value: balancedAccuracy },
    { version, series: 'frozen first version', value: frozenBalancedAccuracy },
  ])
  const legend = [
    { name: 'closed loop', colour: COLOUR.loop },
    { name: 'frozen first version', colour: COLOUR.frozen },
  ]
  return {
    title: 'Each version against the first one',
    note: 'Balanced accuracy of each version on the mails it served, and of the frozen first version on the same mails.',
    description: 'Dot chart of balanced accuracy by generation for the loop and the frozen first version',
    legend,
    options: {
      x: {
        domain: generations.map(({ version }) => version),
        tickFormat: (version: string) => version.split('-')[0] ?? version,
        label: 'version',
      },
      y: { grid: true, tickFormat: percentTick, label: null },
      color: { domain: legend.map(({ name }) => name), range: legend.map(({ colour }) => colour) },
      marks: [
        Plot.line(points, { x: 'version', y: 'value', z: 'series', stroke: 'series' }),
        Plot.dot(points, { x: 'version', y: 'value', fill: 'series', r: 4, symbol: 'series' }),
      ],
    },
  }
}
