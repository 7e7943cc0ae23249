import type { TracerProvider } from '@opentelemetry/api'
import { performance } from 'node:perf_hooks'
import { hostTracer, type TracerSource } from './host-tracer.ts'
import { Base, ModuleDefinition, type HostModule } from './instrumentation-base.ts'
import { checkedConfig, type PredictionInstrumentationConfig } from './instrumentation-config.ts'
import { patchMethod, type Undo } from './patch-method.ts'
import { SCOPE } from './scope.ts'
import { warnProcess } from './setup.ts'
import type { PatchPoint, Target, TargetContext } from './targets/target.ts'
import { TARGETS } from './targets/targets.ts'

/** What became of one library that was loaded. */
export interface TargetReport {
  readonly module: string
  readonly version: string | undefined
  /** Names of methods that are tracked. */
  readonly patched: readonly string[]
  /** Why nothing is. */
  readonly refused?: 'version' | 'shape'
}

/** What init makes and the others use. Init runs inside the constructor of the base class, before any field exists. */
interface State {
  /** Every copy that was loaded: one library may be loaded by CommonJS and as an ES module, and both are used. */
  readonly loaded: Map<object, Target>
  /** By the object whose method is tracked: several copies of what a module exports may lead to one. */
  readonly tracked: Map<object, Map<string, Undo>>
  readonly refused: Set<object>
  readonly reports: TargetReport[]
}

/**
 * Tracks the predictions of libraries from outside: `onnxruntime-node` and `openai`. It registers like any
 * instrumentation of OpenTelemetry, needs `@opentelemetry/instrumentation` beside it, and patches methods of prototypes:
 * what was made before it was enabled is tracked too, and nothing is when it is disabled.
 */
export class PredictionInstrumentation extends Base<PredictionInstrumentationConfig> {
  declare private state: State
  private tracerSource: TracerSource = hostTracer()

  /**
   * @throws GroundtraceError `invalid-argument` for a configuration that can't work, and when
   * `@opentelemetry/instrumentation` is not installed
   */
  constructor(config: PredictionInstrumentationConfig = {}) {
    super(SCOPE.name, SCOPE.version, checkedConfig(config))
  }

  /** @throws GroundtraceError `invalid-argument` */
  override setConfig(config: PredictionInstrumentationConfig): void {
    super.setConfig(checkedConfig(config))
  }

  /** From now on spans are of this provider, whatever else the host registers. */
  override setTracerProvider(provider: TracerProvider): void {
    super.setTracerProvider(provider)
    this.tracerSource = () => this.tracer
  }

  /** What was loaded so far, and what of it is tracked. */
  reports(): readonly TargetReport[] {
    return [...this.state.reports]
  }

  override disable(): void {
    super.disable()
    for (const methods of this.state.tracked.values()) for (const undo of methods.values()) undo()
    this.state.tracked.clear()
  }

  override enable(): void {
    super.enable()
    // The base class knows only the copy that was loaded last.
    for (const [exports, target] of this.state.loaded) this.patch(target, exports, undefined)
  }

  protected override init(): HostModule[] {
    this.state = { loaded: new Map(), tracked: new Map(), refused: new Set(), reports: [] }
    return TARGETS.flatMap((target) => [
      new ModuleDefinition(target.module, [...target.versions], (exports: object, version?: string) => {
        this.patch(target, exports, version)
        return exports
      }),
      // Sees what the one before it did not take: another version is not patched, and that is told.
      new ModuleDefinition(target.module, ['*'], (exports: object, version?: string) => {
        const { loaded, refused } = this.state
        if (loaded.has(exports) || refused.has(exports)) return exports
        refused.add(exports)
        this.tell({ module: target.module, version, patched: [], refused: 'version' }, target)
        return exports
      }),
    ])
  }

  private patch(target: Target, exports: object, version: string | undefined): void {
    const isNew = !this.state.loaded.has(exports)
    this.state.loaded.set(exports, target)
    const points = target.points(exports)
    const patched = points.filter((point) => this.track(point)).map(({ name }) => name)
    if (!isNew) return
    const missed = points.filter(({ owner, method }) => this.state.tracked.get(owner)?.has(method) !== true)
    for (const { name } of missed) this._diag.warn(`${target.module}: cannot track ${name}`)
    const refused = missed.length === points.length ? { refused: 'shape' as const } : {}
    this.tell({ module: target.module, version, patched, ...refused }, target)
  }

  /** @returns whether it is tracked now and was not before */
  private track({ owner, method, patch }: PatchPoint): boolean {
    const methods = this.state.tracked.get(owner) ?? new Map<string, Undo>()
    if (methods.has(method)) return false
    const undo = patchMethod(owner, method, (original) => patch(original, () => this.context()))
    if (undo === undefined) return false
    this.state.tracked.set(owner, methods.set(method, undo))
    return true
  }

  private tell(report: TargetReport, { versions }: Target): void {
    this.state.reports.push(report)
    const { module, version = 'of unknown version', patched, refused } = report
    const what = `${module} ${version}`
    if (refused === undefined) this._diag.debug(`${what}: tracks ${patched.join(', ') || 'what it tracked before'}`)
    else if (refused === 'version') this._diag.warn(`${what}: not tracked, supported is ${versions.join(' || ')}`)
    else this._diag.warn(`${what}: not tracked, it has no method that predicts and can be changed`)
  }

  private context(): TargetContext {
    const config = this.getConfig()
    return {
      config,
      watch: {
        tracer: this.tracerSource,
        pipeline: config.pipeline,
        baggage: config.baggage ?? false,
        now: config.now ?? Date.now,
        monotonic: config.monotonic ?? monotonic,
        warn: config.warn ?? warnProcess,
      },
    }
  }
}

const monotonic = (): number => performance.now()
