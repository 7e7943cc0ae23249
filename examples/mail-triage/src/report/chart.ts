import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { html, raw, type Markup } from './html.ts'

/** Colours by role; the page gives each a light and a dark value. */
export const COLOUR = {
  loop: 'var(--loop)',
  frozen: 'var(--frozen)',
  naive: 'var(--naive)',
  truth: 'var(--ink)',
  quiet: 'var(--quiet)',
} as const

export interface Series {
  readonly name: string
  readonly colour: string
}

/** Narrow enough that the words can still be read where a phone shows the whole drawing. */
const WIDTH = 480

/** What every chart starts from: one width, the page's ink, no background. */
const COMMON: Plot.PlotOptions = {
  width: WIDTH,
  height: 220,
  marginLeft: 52,
  marginTop: 20,
  marginBottom: 40,
  // Half of the last label of the axis stands outside of it.
  marginRight: 24,
  style: { background: 'transparent', color: 'var(--ink)', fontSize: '13px', overflow: 'visible' },
}

/** A chart as the page shows it: title, legend in words, drawing, and what it says to who can't see it. */
export interface Chart {
  readonly title: string
  readonly note: string
  /** What the drawing shows, in a sentence, for a screen reader. */
  readonly description: string
  readonly legend?: readonly Series[]
  readonly options: Plot.PlotOptions
}

function drawn({ description, options }: Chart): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const figure = Plot.plot({ ...COMMON, ...options, document })
  // The drawing is one image to a screen reader: labels of its parts would be noise.
  for (const part of figure.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
  figure.setAttribute('role', 'img')
  figure.setAttribute('aria-label', description)
  return raw(figure.outerHTML)
}

const legendOf = (legend: readonly Series[]): readonly Markup[] =>
  legend.map(({ name, colour }) => html`<li><span class="key" style="background:${colour}"></span>${name}</li>`)

/** Draws a chart. */
export function figureOf(chart: Chart): Markup {
  const { title, note, legend = [] } = chart
  return html`<figure>
    <figcaption>
      <h3>${title}</h3>
      <p>${note}</p>
    </figcaption>
    ${
      legend.length === 0
        ? raw('')
        : html`<ul class="legend">
            ${legendOf(legend)}
          </ul>`
    }
    ${drawn(chart)}
  </figure>`
}
