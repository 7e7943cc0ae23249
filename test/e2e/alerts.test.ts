import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ALERTS, type AlertRule } from '../../dashboards/src/rules.ts'
import { hasPrometheus, PROMETHEUS_BINARY } from '../services/prometheus.ts'

const rules = join(import.meta.dirname, '../../dashboards/generated/groundtrace.rules.yaml')
const promtool = join(dirname(PROMETHEUS_BINARY), 'promtool')
const run = promisify(execFile)

function alertNamed(name: string): AlertRule {
  const found = ALERTS.find(({ alert }) => alert === name)
  if (found === undefined) throw new Error(`There is no alert ${name}`)
  return found
}

/** Lets Prometheus' own tester play series through the rules. Rejects with what it found. */
async function played(test: object): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-alerts-'))
  try {
    const file = join(folder, 'alerts.json')
    writeFileSync(file, JSON.stringify({ rule_files: [rules], evaluation_interval: '1m', tests: [test] }))
    await run(promtool, ['test', 'rules', file])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// A missing service is a failure in CI: there promtool can't be run. Elsewhere npm test lists what was skipped.
describe.skipIf(!hasPrometheus && process.env['CI'] !== 'true')('alerts, played by promtool', () => {
  test('one says that nobody closes horizons, an hour and a quarter after the first was due', async () => {
    const { alert, severity, summary, description } = alertNamed('GroundtraceHorizonsOverdue')
    const firing = [{ exp_labels: { severity }, exp_annotations: { summary, description } }]
    await expect(
      played({
        interval: '1m',
        // Due two minutes after 1970, where the time of such tests begins; closed in the end.
        input_series: [{ series: 'groundtrace_next_horizon_timestamp_seconds', values: '120x100 stale' }],
        alert_rule_test: [
          { eval_time: '77m', alertname: alert, exp_alerts: [] },
          { eval_time: '79m', alertname: alert, exp_alerts: firing },
          { eval_time: '102m', alertname: alert, exp_alerts: [] },
        ],
      }),
    ).resolves.toBeUndefined()
  })
})
