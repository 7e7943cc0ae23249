import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  type Dashboard,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard'
import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { annotationPanels } from './panels/annotation.ts'
import { feedbackPanels } from './panels/feedback.ts'
import { generationPanels } from './panels/generations.ts'
import { holdoutPanels } from './panels/holdout.ts'
import { nowPanels } from './panels/now.ts'
import { qualityPanels } from './panels/quality.ts'
import { trafficPanels } from './panels/traffic.ts'
import { plain, type Plain } from './plain.ts'
import { DEPLOYMENT_EVENTS } from './queries.ts'
import { DATA_SOURCE, variables } from './variables.ts'

const ROWS: readonly (readonly [title: string, panels: readonly Builder<Panel>[]])[] = [
  ['Now', nowPanels()],
  ['What the model says', trafficPanels()],
  ['What turned out to be true', qualityPanels()],
  ['What a naive monitor would believe', holdoutPanels()],
  ['What people and the world answer', feedbackPanels()],
  ['What annotators say', annotationPanels()],
  ['What is learned from it', generationPanels()],
]

function deployments(): AnnotationQueryBuilder {
  const target = new DataqueryBuilder().datasource(DATA_SOURCE).expr(DEPLOYMENT_EVENTS).refId('Deployments').range()
  return new AnnotationQueryBuilder()
    .name('Deployments')
    .datasource(DATA_SOURCE)
    .enable(true)
    .iconColor('blue')
    .expr(DEPLOYMENT_EVENTS)
    .titleFormat('{{model}} {{version}} went live')
    .target(target)
}

/** The dashboard “Loop at a glance”: one screen from traffic to the next version. */
export function loopAtAGlance(): Plain<Omit<Dashboard, 'gnetId'>> {
  const builder = new DashboardBuilder('Groundtrace / Loop at a glance')
    .uid('groundtrace-loop')
    .description('From prediction to feedback to the next model version. Blank is blind: too little evidence to say.')
    .tags(['groundtrace', 'machine-learning'])
    .editable()
    .timezone('browser')
    .time({ from: 'now-7d', to: 'now' })
    .refresh('1m')
    .tooltip(DashboardCursorSync.Crosshair)
    .variables(variables())
    .annotation(deployments())
  for (const [title, panels] of ROWS) {
    builder.withRow(new RowBuilder(title))
    for (const panel of panels) builder.withPanel(panel)
  }
  // The number that grafana.com gives: a text here, a number in Grafana's schema, and not ours to give.
  const { gnetId: _, ...dashboard } = builder.build()
  for (const [index, panel] of (dashboard.panels ?? []).entries()) panel.id = index + 1
  return plain(dashboard)
}
