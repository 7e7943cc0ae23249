import { expect, test } from 'vitest'
import { faultsOf } from './promql-walk.ts'

test.each([
  ['sum(groundtrace_predictions_total', /syntax/],
  ['groundtrace_prediction_total', /groundtrace_prediction_total is not catalogued/],
  ['up', /up is not catalogued/],
  ['groundtrace_prediction_score', /is not catalogued/],
  ['groundtrace_predictions_total_bucket', /is not catalogued/],
  ['groundtrace_predictions_total{user="ann"}', /has no label user/],
  ['sum by (truth) (groundtrace_verdicts_total)', /has no label truth/],
  ['sum by (le) (groundtrace_prediction_score_sum)', /has no label le/],
  ['groundtrace_verdicts_total * on (truth) groundtrace_confusion_total', /verdicts_total has no label truth/],
  ['groundtrace_verdicts_total{verdict="right"}', /verdict is never right/],
  ['rate(groundtrace_verdicts_total[$unknown])', /variable is not filled in/],
])('the walk finds what is wrong with %s', (expr, fault) => {
  expect(faultsOf(expr).join('\n')).toMatch(fault)
})

test.each([
  'sum by (le, model) (increase(groundtrace_prediction_score_bucket{task="$task"}[$window]))',
  'groundtrace_outcomes_total{state=~"settled|contested"} or vector(0)',
])('the walk finds nothing wrong with %s', (expr) => {
  expect(faultsOf(expr)).toEqual([])
})
