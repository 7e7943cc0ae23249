import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineTask, formatTrackingId, predictionEvent } from '@groundtrace/core'
import { CATALOGUE } from '@groundtrace/prometheus'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { otlpLogs } from '../services/otlp-logs.ts'
import { hasPostgres, startPostgres, type Postgres } from '../services/postgres.ts'
import { hasPrometheus, startPrometheus, type Prometheus } from '../services/prometheus.ts'
import { startServe, type ServeProcess } from '../services/serve-process.ts'
import { until } from '../services/until.ts'

const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })

/** What the page says of scraping several servers. */
const SCRAPING =
  /^```yaml\n(scrape_configs:[\s\S]*?)^```/m.exec(
    readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8'),
  )?.[1] ?? ''

async function predict({ url }: ServeProcess, numbers: readonly number[]): Promise<void> {
  const events = numbers.map((number) =>
    predictionEvent({
      id: formatTrackingId({ traceId: 'f'.repeat(32), spanId: number.toString(16).padStart(16, '0') }),
      task,
      model: { name: 'filter', version: '1' },
      time: Date.now(),
      value: 'spam',
    }),
  )
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/v1/logs`, { method: 'POST', headers, body: otlpLogs(events) })
  expect(answer.status).toBe(200)
}

const isHere = hasPostgres && hasPrometheus

describe.skipIf(!isHere && process.env['CI'] !== 'true')(
  'two servers over one database, scraped as the page says',
  () => {
    const running: ServeProcess[] = []
    let postgres: Postgres
    let prometheus: Prometheus

    beforeAll(async () => {
      postgres = await startPostgres()
      const serve = async (): Promise<ServeProcess> => await startServe([], { GROUNDTRACE_REGISTER: postgres.url })
      const [first, second] = await Promise.all([serve(), serve()])
      running.push(first, second)
      await predict(first, [1, 2, 3])
      await predict(second, [4, 5])
      await predict(second, [3])
      prometheus = await startPrometheus({
        target: SCRAPING.replace('groundtrace.internal:4318', new URL(first.url).host)
          .replace('groundtrace-1.internal:4318', new URL(first.url).host)
          .replace('groundtrace-2.internal:4318', new URL(second.url).host),
      })
      for (const [metric, series] of [
        ['groundtrace_predictions_total', 1],
        ['groundtrace_register_up', 2],
      ] as const) {
        await until(
          async () => ((await prometheus.query(metric)).length >= series ? true : undefined),
          `${metric} is scraped`,
        )
      }
    })
    afterAll(async () => {
      await prometheus?.stop()
      await Promise.all(running.map((serve) => serve.kill('SIGKILL')))
      await postgres?.stop()
    })

    const valueOf = async (expression: string): Promise<number | undefined> =>
      (await prometheus.query(expression))[0]?.value

    test('count every prediction once, whichever took it, and every line where it came', async () => {
      expect(await valueOf('sum(groundtrace_predictions_total)')).toBe(5)
      expect(await valueOf('sum(groundtrace_receiver_lines_total)')).toBe(6)
      expect(await valueOf('count(groundtrace_register_up == 1)')).toBe(2)
    })

    test('every metric is scraped by one of the two jobs', async () => {
      const { data: names } = (await prometheus.get('/api/v1/label/__name__/values')) as { data: readonly string[] }
      const jobsOf = async (name: string) =>
        (await prometheus.query(`group by (job) (${name})`)).map(({ metric }) => metric['job'])
      for (const name of names.filter((each) => each.startsWith('groundtrace_'))) {
        const { source } = CATALOGUE[name.replace(/_(bucket|sum|count)$/, '') as keyof typeof CATALOGUE]
        expect([name, await jobsOf(name)]).toEqual([
          name,
          [source === 'process' ? 'groundtrace-servers' : 'groundtrace'],
        ])
      }
    })

    test('the page tells apart by name what each process counts by itself', () => {
      const patterns = [...SCRAPING.matchAll(/regex: (.*)/g)].map(([, pattern = '']) => new RegExp(`^(${pattern})$`))
      expect(patterns).toHaveLength(2)
      const ofProcess = Object.entries(CATALOGUE).filter(([, { source }]) => source === 'process')
      // Drift is watched where a model predicts, never by a server.
      const names = ofProcess.map(([name]) => name).filter((name) => !name.startsWith('groundtrace_score_drift_'))
      for (const pattern of patterns) {
        expect(Object.keys(CATALOGUE).filter((name) => pattern.test(name))).toEqual(names)
      }
    })
  },
)
