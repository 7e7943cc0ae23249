import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { collectorBinary } from './collector-binary.ts'

/** A running OpenTelemetry Collector. */
export interface Collector {
  /** What it said so far. */
  log(): string
  /** @returns the exit code, or null when the signal ended it at once */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

/**
 * Starts a Collector and waits until it takes what is sent.
 * @param configuration YAML
 * @param settings in its place, by path: `exporters.otlp_http.endpoint`
 */
export async function startCollector(
  configuration: string,
  settings: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Promise<Collector> {
  const given = Object.entries(settings).map(([path, value]) => `--set=${path}=${value}`)
  const child = spawn(await collectorBinary(), ['--config=env:COLLECTOR_CONFIGURATION', ...given], {
    env: { ...environment, COLLECTOR_CONFIGURATION: configuration },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString()
    if (log.includes('Everything is ready')) resolve()
  })
  child.once('error', reject)
  const exited = once(child, 'close').then(([code]) => code as number | null)
  void exited.then((code) => reject(new Error(`The Collector ended with ${code}:\n${log}`)))
  await promise
  return {
    log: () => log,
    async kill(signal) {
      child.kill(signal)
      return await exited
    },
  }
}
