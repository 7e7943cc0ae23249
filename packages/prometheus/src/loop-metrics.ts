import { GroundtraceError, quote } from '@groundtrace/core'
import { CATALOGUE, type MetricName } from './catalogue.ts'
import type { MetricDefinition } from './metric-definition.ts'
import type { HostFigures, HostMetric, HostRegistry, Sample } from './host-registry.ts'
import { registerReader } from './register-reader.ts'
import { receiverSamples, type ReceiverFigures } from './receiver-samples.ts'
import { samplesOf, type Figures } from './samples.ts'
import { driftSamples } from './drift-samples.ts'
import { annotationSamples, type AnnotationFigures } from './annotation-samples.ts'
import type { ScoreDrift } from './score-drift.ts'
import type { MetricsRegister } from './tail-ledgers.ts'

export interface LoopMetricsOptions {
  readonly register: MetricsRegister
  /** The registry of the host application: prom-client from 15, or `@prometheus-io/client`. */
  readonly registry: HostRegistry
  /**
   * Lines to count at most at a scrape, before it is answered; the rest follows at the next one. Default 10,000.
   * 0: only `update` counts, and a scrape only reads.
   */
  readonly linesPerScrape?: number
  /** After so long without an answer of the register its figures are absent from the page. Default 5. */
  readonly timeoutSeconds?: number
  /** Versions of each model on the page: those that moved last. Default 20. */
  readonly versions?: number
  /** Figures of the receiver that fills the register over HTTP, read at each scrape. Default: there is none. */
  readonly receiver?: () => ReceiverFigures
  /** Figures of the bridge to annotators, read at each scrape. Default: there is none. */
  readonly annotation?: () => AnnotationFigures
  /** Told of each scrape that the register failed to answer. Default: `groundtrace_register_up` says it, nobody else. */
  readonly onError?: (error: unknown) => void
  /** Default `Date.now`. */
  readonly now?: () => number
}

/** The exporter. */
export interface LoopMetrics {
  /**
   * Counts what was appended to the ledgers, to their ends.
   * @returns how many lines were counted
   * @throws GroundtraceError as the register rejects
   */
  update(): Promise<number>
  /** Shows the figures of a drift monitor from now on, in place of an earlier one of the same version. */
  watch(drift: ScoreDrift): void
  /** Takes the figures of a monitor off the page. */
  unwatch(drift: ScoreDrift): void
  /** Takes all metrics out of the registry. */
  remove(): void
}

/**
 * Registers every metric of the catalogue in the host's registry. A scrape reads the register once for all metrics and for
 * all scrapes at the same time; its cost depends on the number of series, not on history. When the register fails, its
 * figures are absent, which Prometheus shows as a gap: unknown is not zero, and not the last known figure either. The
 * host's own metrics are on the page all the same.
 * @throws GroundtraceError `invalid-argument` for a registry that has such metrics already, and for options that are none
 */
export function loopMetrics(options: LoopMetricsOptions): LoopMetrics {
  const { register, registry, receiver, annotation, onError, now, ...limits } = checkedOptions(options)
  const reader = registerReader({
    register,
    linesPerReading: limits.linesPerScrape,
    timeoutSeconds: limits.timeoutSeconds,
    versions: limits.versions,
    onError,
    now,
  })
  const drifts = new Map<string, ScoreDrift>()

  function ofProcess(name: MetricName, figures: Figures | undefined): Sample[] {
    if (name === 'groundtrace_register_up') return [{ labels: {}, value: figures === undefined ? 0 : 1 }]
    if (name === 'groundtrace_scrape_errors_total') return [{ labels: {}, value: reader.errors() }]
    return [
      ...driftSamples(name, [...drifts.values()]),
      ...receiverSamples(name, receiver?.()),
      ...annotationSamples(name, annotation?.()),
    ]
  }

  async function samples(name: MetricName): Promise<Sample[]> {
    const figures = await reader.figures()
    if (CATALOGUE[name].source === 'process') return ofProcess(name, figures)
    return figures === undefined ? [] : samplesOf(name, figures)
  }

  const names = Object.keys(CATALOGUE) as MetricName[]
  for (const name of names) registry.registerMetric(hostMetric(name, () => samples(name)))

  return {
    update: () => reader.update(),
    watch: (drift) => void drifts.set(keyOf(drift), drift),
    unwatch: (drift) => void drifts.delete(keyOf(drift)),
    remove() {
      for (const name of names) registry.removeSingleMetric(name)
    },
  }
}

function keyOf({ labels }: ScoreDrift): string {
  return JSON.stringify([labels.task, labels.model, labels.version])
}

function hostMetric(name: MetricName, samples: () => Promise<Sample[]>): HostMetric {
  const { type, help, source }: MetricDefinition = CATALOGUE[name]
  return {
    name,
    help,
    type,
    aggregator: aggregatorOf(name, source),
    async get(): Promise<HostFigures> {
      return { name: this.name, help, type, aggregator: this.aggregator, values: await samples() }
    },
    // What the register counted is not ours to forget.
    reset() {},
  }
}

/** Workers of a cluster share a register, so its figures must not be added up. */
function aggregatorOf(name: MetricName, source: MetricDefinition['source']): HostMetric['aggregator'] {
  if (name === 'groundtrace_register_up') return 'min'
  return source === 'process' && CATALOGUE[name].type === 'counter' ? 'sum' : 'max'
}

function invalid(cause: string, nextStep: string): GroundtraceError {
  return new GroundtraceError('invalid-argument', cause, nextStep)
}

const has = (object: unknown, methods: readonly string[]): boolean =>
  typeof object === 'object' &&
  object !== null &&
  methods.every((method) => typeof (object as Record<string, unknown>)[method] === 'function')

type Beside = 'receiver' | 'annotation'
type Settings = Required<Omit<LoopMetricsOptions, Beside>> & Pick<LoopMetricsOptions, Beside>

function checkedOptions(options: LoopMetricsOptions): Settings {
  const {
    linesPerScrape = 10_000,
    timeoutSeconds = 5,
    versions = 20,
    onError = () => {},
    now = Date.now,
  }: Partial<LoopMetricsOptions> = options ?? {}
  const { register, registry, receiver, annotation }: Partial<LoopMetricsOptions> = options ?? {}
  if (register === undefined || !has(register, ['advance', 'counts', 'totals']))
    throw invalid('register is no register', 'Pass the register that keeps the predictions')
  if (registry === undefined || !has(registry, ['registerMetric', 'removeSingleMetric', 'getSingleMetric']))
    throw invalid('registry is no metrics registry', 'Pass a Registry of prom-client 15 or of @prometheus-io/client')
  if (!(Number.isInteger(linesPerScrape) && linesPerScrape >= 0))
    throw invalid(`linesPerScrape ${quote(linesPerScrape)} is no whole number from 0`, 'Pass how many lines to count')
  if (!(Number.isFinite(timeoutSeconds) && timeoutSeconds > 0))
    throw invalid(`timeoutSeconds ${quote(timeoutSeconds)} is not a positive number`, 'Pass seconds to wait at most')
  if (!(Number.isInteger(versions) && versions > 0))
    throw invalid(`versions ${quote(versions)} is no whole number from 1`, 'Pass how many versions to show')
  if (typeof onError !== 'function')
    throw invalid('onError is no function', 'Pass a function that takes an error, or leave it out')
  if (typeof now !== 'function') throw invalid('now is no clock', 'Pass a function like Date.now, or leave it out')
  if (receiver !== undefined && typeof receiver !== 'function')
    throw invalid('receiver is no function', 'Pass counts of the receiver, or leave it out')
  if (annotation !== undefined && typeof annotation !== 'function')
    throw invalid('annotation is no function', 'Pass the status of the bridge, or leave it out')
  const taken = Object.keys(CATALOGUE).find((name) => registry.getSingleMetric(name) !== undefined)
  if (taken !== undefined)
    throw invalid(`The registry has a metric ${taken} already`, 'Call remove() of the earlier exporter, or keep to one')
  const settings = { register, registry, linesPerScrape, timeoutSeconds, versions, onError, now }
  return {
    ...settings,
    ...(receiver === undefined ? {} : { receiver }),
    ...(annotation === undefined ? {} : { annotation }),
  }
}
