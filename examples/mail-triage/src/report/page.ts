import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JobRecord } from '../job-record.ts'
import type { JobResult } from '../result.ts'
import { refusedInWords, TERMS } from '../terms.ts'
import { caveatsOf, verdictOf } from '../verdict.ts'
import { count, day, percent, percentInterval } from '../words.ts'
import { driftChart, funnelChart, generationChart, holdoutChart } from './charts.ts'
import { figureOf } from './chart.ts'
import { html, raw, type Markup } from './html.ts'
import { mailStory } from './mail-story.ts'
import { spamShareChart, timelineChart } from './timeline.ts'

interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string | Markup
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
  const seen = (figure: 'precision' | 'recall'): readonly [figure: string, says: string] => [
    percent(estimated[figure].value),
    `estimated ${figure} (${percentInterval(estimated[figure].interval)}); naive ${percent(naive[figure])}, true ${percent(actual[figure])}`,
  ]
  const all: readonly (readonly [figure: string, says: string])[] = [
    [
      percent(filter.loop.balancedAccuracy),
      `balanced accuracy of the closed loop; frozen first version ${percent(filter.frozen.balancedAccuracy)}`,
    ],
    seen('recall'),
    seen('precision'),
    [count(predictions), `live predictions tracked; ${count(lineage.checked)} examples walked back to their span`],
  ]
  return html`<div class="tiles">
    ${all.map(([figure, says]) => html`<div class="tile"><strong>${figure}</strong><span>${says}</span></div>`)}
  </div>`
}

const WHAT_HAPPENED = {
  deployed: 'goes live',
  kept: 'stays: the new version was refused',
  blind: 'stays: too little evidence for a new version',
  'rolled-back': 'comes back',
} as const

function generationTable({ models: { filter } }: JobResult): Markup {
  return tableOf(filter.generations, [
    {
      title: 'Version, trained on',
      cell: ({ version, trainedOn, examples }) =>
        html`${version} <small>${count(examples)} examples</small> <small>${trainedOn}</small>`,
    },
    { title: 'Mails', cell: ({ predictions }) => count(predictions), number: true },
    { title: 'Balanced accuracy', cell: ({ balancedAccuracy }) => percent(balancedAccuracy), number: true },
    { title: 'Frozen', cell: ({ frozenBalancedAccuracy }) => percent(frozenBalancedAccuracy), number: true },
    { title: 'Drift alarms', cell: ({ driftAlarms }) => count(driftAlarms), number: true },
  ])
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`

function turnList({ turns }: JobRecord): Markup {
  return html`<ol class="story card">
    ${turns.map(
      ({ time, kind, version, trigger, reason }) =>
        html`<li>
          <h3>${version} ${WHAT_HAPPENED[kind]}</h3>
          <time>${day(time)}${trigger === undefined ? '' : `, asked by ${trigger}`}</time>
          <p>${sentence(reason)}</p>
        </li>`,
    )}
  </ol>`
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
          <p>
            A spam filter works through real mail in the order in which it came. ${TERMS.coldStart} From then on the
            loop is closed: every mail is predicted and tracked, people answer a few of them, and new versions learn
            from the answers. ${TERMS.frozen}
          </p>
          <ul class="card verdict">
            ${verdictOf(result).map((sentence) => html`<li>${sentence}</li>`)}
          </ul>
          ${tiles(result)}
          <p class="note">${TERMS.accuracy} ${TERMS.precision}</p>
          <h2>Quality</h2>
          ${figureOf(timelineChart(record))} ${figureOf(spamShareChart(record))}
          ${figureOf(generationChart(models.filter))}
          <h2>What can be known</h2>
          ${figureOf(holdoutChart(models.filter))} ${figureOf(driftChart(record))} ${figureOf(funnelChart(result))}
          <h2>Generations and lineage</h2>
          <p>${refusedInWords(models.filter.trained, models.filter.generations.length)}</p>
          ${generationTable(result)}
          <h2>What was decided, and why</h2>
          <p>
            A trigger (drift, quality or the volume of new examples) asks for a new version; the promotion gate compares
            it with the one that serves, on mails that neither was trained on. Volunteers are people who answered
            unasked.
          </p>
          ${turnList(record)}
          <h2>One mail’s way around the loop</h2>
          <div class="card">${await mailStory(record)}</div>
          <h2>Read with care</h2>
          <ul>
            ${caveatsOf(result).map((caveat) => html`<li>${caveat}</li>`)}
          </ul>
        </main>
      </body>
    </html> `
  // A figure and its unit stay on one line.
  return page.markup.replaceAll(/(?<=\d) %/g, '\u00A0%')
}
