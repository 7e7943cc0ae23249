import { GroundtraceError } from '@groundtrace/core'
import { diag, DiagLogLevel, trace, type DiagLogger } from '@opentelemetry/api'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { hasTracerProvider } from './api-mismatch.ts'
import { attempt } from './attempt.ts'
import { hookImports } from './esm-hooks.ts'
import type { PredictionInstrumentationConfig } from './instrumentation-config.ts'
import { PredictionInstrumentation } from './prediction-instrumentation.ts'
import { stopAtExit } from './stop-at-exit.ts'
import { TARGETS } from './targets/targets.ts'

/** Environment variables, as far as they are read: OpenTelemetry's own, and one of ours. */
export interface ZeroCodeEnvironment {
  /** `debug` tells what was patched and what could not be. */
  readonly OTEL_LOG_LEVEL?: string
  /** `true`: no SDK is started. Tracking IDs and events are the same. */
  readonly OTEL_SDK_DISABLED?: string
  /** Path of a module whose default export is what `PredictionInstrumentation` takes, from the working directory. */
  readonly GROUNDTRACE_CONFIG?: string
}

interface NodeSdk {
  start(): void
  shutdown(): Promise<void>
}
interface SdkPackage {
  readonly NodeSDK: new (options: { instrumentations: PredictionInstrumentation[] }) => NodeSdk
}

/**
 * Starts tracking without a line of code in the service: hooks imports, reads the configuration, starts the OpenTelemetry
 * SDK unless there is one, and stops both when the process ends. It is synchronous, so that `--require` works too.
 * Nothing it does may keep the service from starting: what fails is told.
 */
export function startZeroCode(environment: ZeroCodeEnvironment): void {
  const isDebug = /^(debug|verbose|all)$/i.test(environment.OTEL_LOG_LEVEL ?? '')
  if (isDebug) tellEverything()
  const instrumentation = told('cannot track predictions', () => new PredictionInstrumentation())
  if (instrumentation === undefined) return
  told('cannot track what is imported as an ES module', () => hookImports(TARGETS.map(({ module }) => module)))
  const config = told('runs without its configuration', () => loadConfig(environment.GROUNDTRACE_CONFIG))
  if (config !== undefined) told('runs without its configuration', () => instrumentation.setConfig(config))
  const sdk = environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true' ? undefined : startSdk(instrumentation)
  // The SDK has set its own logger, which writes to standard output: that is the service's.
  if (isDebug) tellEverything()
  const { pipeline } = instrumentation.getConfig()
  stopAtExit({
    flush: () => Promise.allSettled([pipeline?.forceFlush(), sdk && flushSpans()]),
    stop: () => Promise.allSettled([pipeline?.shutdown(), sdk?.shutdown()]),
  })
  if (isDebug) process.once('exit', () => tellWhatNeverCame(instrumentation))
}

function loadConfig(path: string | undefined): PredictionInstrumentationConfig | undefined {
  if (path === undefined || path === '') return undefined
  const require = createRequire(import.meta.url)
  const loaded = attempt(() => require(resolve(path)) as { readonly default?: unknown })
  if (!loaded.succeeded) throw unloadable(path, loaded.fault)
  const config: unknown = loaded.value.default ?? loaded.value
  if (typeof config === 'object' && config !== null) return config
  throw new GroundtraceError(
    'invalid-argument',
    `${path} exports no configuration`,
    'Export what PredictionInstrumentation takes as default',
  )
}

/** Node's own words about a module that can't be required, without its stack; and what to do about it here. */
function unloadable(path: string, fault: unknown): GroundtraceError {
  const waits = (fault as { readonly code?: unknown } | undefined)?.code === 'ERR_REQUIRE_ASYNC_MODULE'
  const [cause] = waits ? ['it has a top-level await'] : String(fault).split('\n')
  return new GroundtraceError(
    'invalid-argument',
    `GROUNDTRACE_CONFIG names ${path}, which can't be loaded: ${cause}`,
    waits
      ? 'Export what is there at once: it is read before the service starts'
      : 'Name a module by its path from the working directory, and see to it that what it imports is installed',
    { cause: fault },
  )
}

const SDK = '@opentelemetry/sdk-node'

/** It is the service's: beside us, or where only the service finds it. No peer, which npm would install with us. */
const SDK_PLACES = [import.meta.url, resolve('package.json')]

/** Starts the SDK that is installed, unless another module has started one. */
function startSdk(instrumentation: PredictionInstrumentation): NodeSdk | undefined {
  if (hasTracerProvider()) {
    diag.debug('groundtrace: uses the OpenTelemetry SDK that is there')
    return undefined
  }
  const installed = SDK_PLACES.map((from) => attempt(() => createRequire(from)(SDK) as SdkPackage)).find(
    ({ succeeded }) => succeeded,
  )
  const NodeSDK = installed?.value?.NodeSDK
  if (NodeSDK === undefined) {
    diag.debug(`groundtrace: ${SDK} is not installed: tracking IDs and events, but no spans`)
    return undefined
  }
  return told('cannot start @opentelemetry/sdk-node', () => {
    const sdk = new NodeSDK({ instrumentations: [instrumentation] })
    sdk.start()
    return sdk
  })
}

interface Flushable {
  readonly getDelegate?: () => Flushable
  readonly forceFlush?: () => Promise<void>
}

/** What an SDK can't do for itself, the tracer provider that it registered can. */
async function flushSpans(): Promise<void> {
  const provider = trace.getTracerProvider() as Flushable
  await (provider.getDelegate?.() ?? provider).forceFlush?.()
}

function told<T>(failure: string, action: () => T): T | undefined {
  const attempted = attempt(action)
  if (!attempted.succeeded) tell(`groundtrace: ${failure}:`, attempted.fault)
  return attempted.value
}

/** Whoever asked for tracking is told that it is not to be had, whatever the log level. */
function tell(message: string, fault: unknown): void {
  process.emitWarning(`${message} ${fault instanceof Error ? fault.message : String(fault)}`, {
    type: 'GroundtraceWarning',
    code: 'GROUNDTRACE_ZERO_CODE',
  })
}

function tellWhatNeverCame(instrumentation: PredictionInstrumentation): void {
  const seen = new Set(instrumentation.reports().map(({ module }) => module))
  for (const { module, versions } of TARGETS) {
    if (!seen.has(module)) TO_STANDARD_ERROR.debug(`groundtrace: ${module} ${versions.join(' || ')} was never loaded`)
  }
}

function tellEverything(): void {
  diag.setLogger(TO_STANDARD_ERROR, { logLevel: DiagLogLevel.DEBUG, suppressOverrideMessage: true })
}

const toStandardError = (...said: unknown[]): void => console.error(...said)
const TO_STANDARD_ERROR: DiagLogger = {
  error: toStandardError,
  warn: toStandardError,
  info: toStandardError,
  debug: toStandardError,
  verbose: toStandardError,
}
