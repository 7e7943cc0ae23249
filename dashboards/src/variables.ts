import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { selector } from './promql.ts'

/** The data source is chosen on the dashboard, so that it loads anywhere without an edit. */
export const DATA_SOURCE = { type: 'prometheus', uid: '${datasource}' }

const ALL = { selected: true, text: ['All'], value: ['$__all'] }

function labelValues(name: string, label: string, title: string, from: string): QueryVariableBuilder {
  const query = `label_values(${from}, ${label})`
  return new QueryVariableBuilder(name)
    .label(title)
    .datasource(DATA_SOURCE)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalDesc)
}

function choice(name: string, title: string, description: string, values: readonly string[], initial: string) {
  const options = values.map((value) => ({ selected: value === initial, text: value, value }))
  return new CustomVariableBuilder(name)
    .label(title)
    .description(description)
    .values(values.join(','))
    .options(options)
    .current({ selected: true, text: initial, value: initial })
}

/** What can be chosen at the top of the dashboard, in order. */
export function variables() {
  const ofTask = selector('groundtrace_predictions_total', { task: '="$task"' })
  const ofModel = selector('groundtrace_predictions_total', { task: '="$task"', model: '=~"$model"' })
  const cells = selector('groundtrace_confusion_total', { task: '="$task"', model: '=~"$model"' })
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    labelValues('task', 'task', 'Task', selector('groundtrace_predictions_total')),
    labelValues('model', 'model', 'Model', ofTask).multi(true).includeAll(true).allValue('.+').current(ALL),
    labelValues('version', 'version', 'Version', ofModel).multi(true).includeAll(true).allValue('.+').current(ALL),
    labelValues('class', 'predicted', 'Class of precision and recall', cells).multi(true).includeAll(true).current(ALL),
    choice(
      'part',
      'Part',
      'Predictions that answer their task, or members of what does. Never both: nothing is counted twice.',
      ['whole', 'member'],
      'whole',
    ),
    choice(
      'window',
      'Window of quality',
      'Predictions that closed within it are read together.',
      ['1h', '6h', '1d', '7d', '30d'],
      '1d',
    ),
    choice(
      'evidence',
      'Least evidence',
      'A share of fewer units is not shown: it would be read as a fact.',
      ['10', '30', '100', '300', '1000'],
      '30',
    ),
  ]
}
