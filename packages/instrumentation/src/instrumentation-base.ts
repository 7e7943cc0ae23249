import { GroundtraceError } from '@groundtrace/core'
import type { DiagLogger, MeterProvider, Tracer, TracerProvider } from '@opentelemetry/api'
import { createRequire } from 'node:module'
import { attempt } from './attempt.ts'

/**
 * The base class of all instrumentations, as far as we use it or a host does. The package's own types are not there where
 * it is not installed, and a service that does without it could not be compiled against ours.
 */
declare abstract class HostInstrumentation<Config extends object> {
  readonly instrumentationName: string
  readonly instrumentationVersion: string
  protected readonly _diag: DiagLogger
  protected get tracer(): Tracer
  constructor(name: string, version: string, config: Config)
  enable(): void
  disable(): void
  setTracerProvider(provider: TracerProvider): void
  setMeterProvider(provider: MeterProvider): void
  setConfig(config: Config): void
  getConfig(): Config
  /** What it patches; called by the constructor. */
  protected abstract init(): readonly HostModule[]
}

/** What an instrumentation says of a module it patches. */
export interface HostModule {
  readonly name: string
}

interface InstrumentationPackage {
  readonly InstrumentationBase: typeof HostInstrumentation
  readonly InstrumentationNodeModuleDefinition: new (
    name: string,
    versions: readonly string[],
    patch: (exports: object, version?: string) => object,
  ) => HostModule
}

/** In the place of the base class where the package is not installed: whoever needs it is told, nobody else is. */
function notInstalled(): never {
  throw new GroundtraceError(
    'invalid-argument',
    'PredictionInstrumentation needs @opentelemetry/instrumentation, which is not installed',
    'Install the version that the OpenTelemetry SDK of this service uses (`npm ls @opentelemetry/instrumentation`)',
  )
}

/**
 * The host's own copy of the package, loaded as it is installed beside us: an optional peer. npm must not pick a version
 * of it, for each works with one minor version of the API only; and a static import would ask it of everybody.
 */
const loaded = attempt(
  () => createRequire(import.meta.url)('@opentelemetry/instrumentation') as InstrumentationPackage,
).value

/** The base class of all instrumentations. Without the package its constructor throws `GroundtraceError`. */
export const Base =
  loaded?.InstrumentationBase ?? (notInstalled as unknown as InstrumentationPackage['InstrumentationBase'])

/** What an instrumentation says of a module it patches; see the package. */
export const ModuleDefinition =
  loaded?.InstrumentationNodeModuleDefinition ??
  (notInstalled as unknown as InstrumentationPackage['InstrumentationNodeModuleDefinition'])
