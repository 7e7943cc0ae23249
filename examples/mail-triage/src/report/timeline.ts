import * as Plot from '@observablehq/plot'
import type { JobRecord, LiveMail } from '../job-record.ts'
import type { MailLabel } from '../spam-filter-training.ts'
import { qualityOf } from '../quality.ts'
import { TERMS } from '../terms.ts'
import { count } from '../words.ts'
import { COLOUR, type Chart } from './chart.ts'

/** Mails that a point of the timeline looks back on. */
const WINDOW = 400
const STEP = 25

interface Point {
  readonly mail: number
  readonly series: string
  readonly value: number
}

type Answers = ReadonlyMap<string, MailLabel>

const SERIES = { loop: 'closed loop', frozen: 'frozen first version', naive: 'naive monitor' } as const

function windows(mails: readonly LiveMail[]): readonly (readonly [end: number, window: readonly LiveMail[]])[] {
  const ends = Array.from({ length: Math.floor(mails.length / STEP) }, (_, index) => (index + 1) * STEP).filter(
    (end) => end >= WINDOW,
  )
  return ends.map((end) => [end, mails.slice(end - WINDOW, end)])
}

/** Accuracy as one believes who takes the answers that came for the truth of all. */
function believed(window: readonly LiveMail[], answers: Answers): number | undefined {
  const answered = window.filter(({ trackingId }) => answers.has(trackingId))
  const right = answered.filter(({ trackingId, predicted }) => answers.get(trackingId) === predicted)
  return answered.length === 0 ? undefined : right.length / answered.length
}

function pointsOf(mails: readonly LiveMail[], answers: Answers): readonly Point[] {
  return windows(mails).flatMap(([mail, window]) => {
    const values = [
      [SERIES.loop, qualityOf(window, ({ predicted }) => predicted).accuracy],
      [SERIES.frozen, qualityOf(window, ({ frozen }) => frozen).accuracy],
      [SERIES.naive, believed(window, answers)],
    ] as const
    return values.flatMap(([series, value]) => (value === null || value === undefined ? [] : [{ mail, series, value }]))
  })
}

const percentAxis = { tickFormat: (value: number) => `${Math.round(value * 100)} %`, grid: true, label: null }

const legend = [
  { name: SERIES.loop, colour: COLOUR.loop },
  { name: SERIES.frozen, colour: COLOUR.frozen },
  { name: SERIES.naive, colour: COLOUR.naive },
]

/** Where new versions went live, in live mails. */
function deployments({ turns, mails }: Pick<JobRecord, 'turns' | 'mails'>): readonly number[] {
  return turns
    .filter(({ kind }) => kind === 'deployed' || kind === 'rolled-back')
    .map(({ time }) => mails.findLastIndex((mail) => mail.time <= time) + 1)
}

export const deploymentRules = (record: Pick<JobRecord, 'turns' | 'mails'>): Plot.Markish =>
  Plot.ruleX(
    deployments(record).filter((mail) => mail > 0),
    { stroke: COLOUR.quiet, strokeDasharray: '2,3' },
  )

/** Accuracy of loop and frozen version, and what a naive monitor believes. */
export function timelineChart(record: JobRecord): Chart {
  const points = pointsOf(record.mails, record.monitor.answers())
  return {
    title: 'The world shifts; the loop follows',
    note: `Accuracy over the latest ${WINDOW} mails. Dotted lines: a version goes live. ${TERMS.naive}`,
    description: `Line chart of accuracy over ${count(record.mails.length)} mails for the closed loop, the frozen first version and a naive monitor`,
    legend,
    options: {
      x: { label: 'live mails' },
      y: percentAxis,
      color: { domain: legend.map(({ name }) => name), range: legend.map(({ colour }) => colour) },
      marks: [deploymentRules(record), Plot.lineY(points, { x: 'mail', y: 'value', stroke: 'series', strokeWidth: 2 })],
    },
  }
}

/** The share of spam among the mails: what shifts. */
export function spamShareChart({ mails }: JobRecord): Chart {
  const points = windows(mails).map(([mail, window]) => ({
    mail,
    value: window.filter(({ truth }) => truth === 'spam').length / window.length,
  }))
  return {
    title: 'What shifts',
    note: `Share of spam among the latest ${WINDOW} mails. Much of this is how the corpus was collected.`,
    description: 'Area chart of the share of spam among the latest mails',
    options: {
      height: 150,
      x: { label: 'live mails' },
      y: { ...percentAxis, domain: [0, 1] },
      marks: [
        Plot.areaY(points, { x: 'mail', y: 'value', fill: COLOUR.naive, fillOpacity: 0.25 }),
        Plot.lineY(points, { x: 'mail', y: 'value', stroke: COLOUR.naive }),
      ],
    },
  }
}
