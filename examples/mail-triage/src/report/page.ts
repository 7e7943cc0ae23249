import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JobRecord } from '../job-record.ts'
import type { JobResult } from '../result.ts'
import { worldInWords } from '../summary.ts'
import { CAVEATS, verdictOf } from '../verdict.ts'
import { count, day, percent, percentInterval } from '../words.ts'
import { driftChart, funnelChart, generationChart, holdoutChart } from './charts.ts'
import { figureOf } from './chart.ts'
import { html, raw, type Markup } from './html.ts'
import { mailStory } from './mail-story.ts'
import { spamShareChart, timelineChart } from './timeline.ts'

interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  readonly number?: boolean
}

function tableOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): Markup {
  const cells = (row: Row): readonly Markup[] =>
    columns.map(({ cell, number }) => html`<td class="${number ? 'number' : ''}">${cell(row)}</td>`)
  return html`<div class="scroll" tabindex="0" role="group" aria-label="table">
    <table>
      <thead>
        <tr>
          ${columns.map(({ title, number }) => html`<th class="${number ? 'number' : ''}" scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${cells(row)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function tiles({ models: { filter }, predictions, lineage }: JobResult): Markup {
  const { estimated, naive, actual } = filter.holdout
  const all: readonly (readonly [figure: string, says: string])[] = [
    [
      percent(filter.loop.balancedAccuracy),
      `balanced accuracy of the loop; ${percent(filter.frozen.balancedAccuracy)} frozen`,
    ],
    [
      percent(estimated.recall.value),
      `recall estimated (${percentInterval(estimated.recall.interval)}); naive ${percent(naive.recall)}, true ${percent(actual.recall)}`,
    ],
    [
      percent(estimated.precision.value),
      `precision estimated (${percentInterval(estimated.precision.interval)}); naive ${percent(naive.precision)}, true ${percent(actual.precision)}`,
    ],
    [count(predictions), 'live predictions, each with a tracking ID'],
    [count(lineage.checked), `examples walked back to their span; ${lineage.broken} broken`],
  ]
  return html`<div class="tiles">
    ${all.map(([figure, says]) => html`<div class="tile"><strong>${figure}</strong><span>${says}</span></div>`)}
  </div>`
}

const WHAT_HAPPENED = {
  deployed: 'goes live',
  kept: 'stays',
  blind: 'stays, too little evidence',
  'rolled-back': 'comes back',
} as const

function generationTable({ models: { filter } }: JobResult): Markup {
  return tableOf(filter.generations, [
    { title: 'Version', cell: ({ version }) => version },
    { title: 'Trained on', cell: ({ trainedOn }) => trainedOn },
    { title: 'Examples', cell: ({ examples }) => count(examples), number: true },
    { title: 'Mails', cell: ({ predictions }) => count(predictions), number: true },
    { title: 'Balanced', cell: ({ balancedAccuracy }) => percent(balancedAccuracy), number: true },
    { title: 'Frozen', cell: ({ frozenBalancedAccuracy }) => percent(frozenBalancedAccuracy), number: true },
    { title: 'Drift alarms', cell: ({ driftAlarms }) => count(driftAlarms), number: true },
  ])
}

function turnTable({ turns }: JobRecord): Markup {
  return tableOf(turns, [
    { title: 'Day', cell: ({ time }) => day(time), number: true },
    { title: 'Asked by', cell: ({ trigger }) => trigger ?? '' },
    { title: 'Version', cell: ({ kind, version }) => `${version} ${WHAT_HAPPENED[kind]}` },
    { title: 'Why', cell: ({ reason }) => reason },
  ])
}

/** The report of a run: one file, no scripts, nothing loaded from anywhere. */
export async function reportPage(record: JobRecord, result: JobResult): Promise<string> {
  const { data, seed, models, seconds, rssMb } = result
  const style = readFileSync(join(import.meta.dirname, 'style.css'), 'utf8')
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>Groundtrace: the loop on real mail</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <main>
          <h1>The loop on real mail</h1>
          <p class="note">
            ${data.name} (${data.licence}), ${count(data.records)} mails · seed ${seed} · ${seconds.toFixed(1)} s,
            ${rssMb.toFixed(0)} MiB
          </p>
          <ul class="card verdict">
            ${verdictOf(result).map((sentence) => html`<li>${sentence}</li>`)}
          </ul>
          ${tiles(result)}
          <h2>Quality</h2>
          ${figureOf(timelineChart(record))} ${figureOf(spamShareChart(record))}
          ${figureOf(generationChart(models.filter))}
          <h2>What can be known</h2>
          ${figureOf(holdoutChart(models.filter))} ${figureOf(driftChart(record))} ${figureOf(funnelChart(result))}
          <h2>Generations and lineage</h2>
          ${generationTable(result)}
          <h2>What was decided, and why</h2>
          ${turnTable(record)}
          <h2>One mail’s way around the loop</h2>
          <div class="card">${await mailStory(record)}</div>
          <h2>Read with care</h2>
          <ul>
            ${[...CAVEATS, worldInWords()].map((caveat) => html`<li>${caveat}</li>`)}
          </ul>
        </main>
      </body>
    </html> `
  return page.markup
}
