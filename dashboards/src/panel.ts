import {
  BigValueGraphMode,
  BigValueTextMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import type { Query } from './queries.ts'
import { DATA_SOURCE } from './variables.ts'

/** What every panel says of itself. */
export interface PanelText {
  readonly title: string
  /** What it shows, how to read it, and when it is blank. */
  readonly description: string
  /** Grafana's name of the unit. */
  readonly unit: string
  /** Of 24 columns. */
  readonly width: number
  readonly queries: readonly Query[]
}

const ROW_HEIGHT = 8
const STAT_HEIGHT = 4

const refId = (index: number): string => String.fromCodePoint('A'.codePointAt(0)! + index)

function target(query: Query, index: number): DataqueryBuilder {
  const { expr, legend, instant } = query
  const builder = new DataqueryBuilder().datasource(DATA_SOURCE).expr(expr).legendFormat(legend).refId(refId(index))
  return instant === true ? builder.instant().format(PromQueryFormat.Table) : builder.range()
}

export interface TimeSeriesText extends PanelText {
  /** A share: the axis goes from 0 to 1. */
  readonly share?: true
  readonly stacked?: true
}

/** Lines over time. Gaps stay gaps: where nothing is known nothing is drawn. */
export function timeSeries({
  title,
  description,
  unit,
  width,
  queries,
  share,
  stacked,
}: TimeSeriesText): TimeSeriesBuilder {
  const panel = new TimeSeriesBuilder()
    .title(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .unit(unit)
    .span(width)
    .height(ROW_HEIGHT)
    .min(0)
    .spanNulls(false)
    .lineWidth(2)
    .fillOpacity(stacked === true ? 30 : 0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
    .targets(queries.map(target))
  if (share === true) panel.max(1)
  if (stacked === true) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal))
  return panel
}

export interface StatText extends PanelText {
  /** What is shown when there is no value. */
  readonly noValue: string
  /** Shows the names of the series instead of their values. */
  readonly names?: true
}

/** One large figure: the latest. */
export function stat({ title, description, unit, width, queries, noValue, names }: StatText): StatBuilder {
  return new StatBuilder()
    .title(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .unit(unit)
    .span(width)
    .height(STAT_HEIGHT)
    .noValue(noValue)
    .graphMode(BigValueGraphMode.None)
    .textMode(names === true ? BigValueTextMode.Name : BigValueTextMode.Auto)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    .targets(queries.map(target))
}

/** One row for each combination of labels, one column for each query. */
export function table({ title, description, unit, width, queries }: PanelText): TableBuilder {
  const names = Object.fromEntries(queries.map(({ legend }, index) => [`Value #${refId(index)}`, legend]))
  return new TableBuilder()
    .title(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .unit(unit)
    .span(width)
    .height(ROW_HEIGHT)
    .targets(queries.map(target))
    .transformations([
      { id: 'merge', options: {} },
      { id: 'organize', options: { excludeByName: { Time: true }, renameByName: names } },
    ])
}
