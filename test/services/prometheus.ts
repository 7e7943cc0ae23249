import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

/** Where Prometheus is: `PROMETHEUS_BINARY`, or Debian's place. */
export const PROMETHEUS_BINARY = process.env['PROMETHEUS_BINARY'] ?? '/usr/bin/prometheus'
export const hasPrometheus = existsSync(PROMETHEUS_BINARY)

/** One series of an answer: its labels and its value at that time. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

export interface Prometheus {
  readonly url: string
  /** The value of an expression now. Rejects with Prometheus' own words when it can't be evaluated. */
  query(expr: string): Promise<readonly Sample[]>
  /** The series that have a value at any step of the latest seconds, and their latest value. */
  queryRange(expr: string, seconds: number, stepSeconds: number): Promise<readonly Sample[]>
  /** Any answer of the API, by path. */
  get(path: string): Promise<unknown>
  stop(): Promise<void>
}

export interface PrometheusOptions {
  /** `host:port` to scrape, or `scrape_configs:` in YAML. */
  readonly target: string
  /** Rules file to load. */
  readonly rules?: string
}

/** Between scrapes, and the longest that one may take: a busy machine must not miss one. */
const INTERVAL = '500ms'

/** YAML, of which JSON is a part. */
function configuration({ target, rules }: PrometheusOptions): string {
  const settings = { scrape_interval: INTERVAL, scrape_timeout: INTERVAL, evaluation_interval: INTERVAL }
  const ofService = [{ job_name: 'service', static_configs: [{ targets: [target] }] }]
  return [
    `global: ${JSON.stringify(settings)}`,
    target.startsWith('scrape_configs:') ? target : `scrape_configs: ${JSON.stringify(ofService)}`,
    `rule_files: ${JSON.stringify(rules === undefined ? [] : [rules])}`,
  ].join('\n')
}

/** The address that it says to listen on: the port is its own choice, so no other process can have it. */
async function addressOf(child: ChildProcess): Promise<string> {
  let log = ''
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString()
    const address = /"Listening on" address=(\S+)/.exec(log)?.[1]
    if (address !== undefined) resolve(address)
  })
  child.once('error', reject)
  child.once('exit', (code) => reject(new Error(`Prometheus ended with ${code}:\n${log}`)))
  return promise
}

interface Answer {
  readonly status: 'success' | 'error'
  readonly error?: string
  readonly data: {
    readonly resultType: string
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>
      readonly value?: readonly [number, string]
      readonly values?: readonly (readonly [number, string])[]
    }[]
  }
}

/** A Prometheus of its own, on a free port, with its data in a temporary folder. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  if (!hasPrometheus) {
    throw new Error(`There is no ${PROMETHEUS_BINARY}. Install prometheus, or set PROMETHEUS_BINARY to where it is.`)
  }
  const folder = await mkdtemp(join(tmpdir(), 'groundtrace-prometheus-'))
  const config = join(folder, 'prometheus.yml')
  await writeFile(config, configuration(options))
  const child = spawn(
    PROMETHEUS_BINARY,
    [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, '--web.listen-address=127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const exited = once(child, 'exit')
  async function stop(): Promise<void> {
    child.kill('SIGTERM')
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const url = `http://${await addressOf(child)}`
    await until(async () => ((await fetch(`${url}/-/ready`)).ok ? true : undefined), 'Prometheus is ready')
    return { url, ...api(url), stop }
  } catch (error) {
    if (child.exitCode === null) await stop()
    throw error
  }
}

function api(url: string): Pick<Prometheus, 'query' | 'queryRange' | 'get'> {
  async function get(path: string): Promise<unknown> {
    return (await fetch(`${url}${path}`)).json()
  }
  async function results(path: string, parameters: Readonly<Record<string, string>>): Promise<readonly Sample[]> {
    const answer = (await get(`${path}?${new URLSearchParams(parameters)}`)) as Answer
    if (answer.status !== 'success') throw new Error(`${parameters['query']}: ${answer.error}`)
    return answer.data.result.map(({ metric, value, values }) => {
      return { metric, value: Number((value ?? values?.at(-1))?.[1]) }
    })
  }
  return {
    get,
    query: (query) => results('/api/v1/query', { query }),
    queryRange(query, seconds, stepSeconds) {
      const end = Date.now() / 1000
      const range = { start: String(end - seconds), end: String(end), step: String(stepSeconds) }
      return results('/api/v1/query_range', { query, ...range })
    },
  }
}
