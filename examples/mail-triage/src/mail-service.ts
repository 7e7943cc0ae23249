import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Register } from '@groundtrace/core'
import { createExploration } from '@groundtrace/exploration'
import { createPipeline, type Pipeline } from '@groundtrace/instrumentation'
import { openSqliteRegister, registerProcessor } from '@groundtrace/register'
import { trace } from '@opentelemetry/api'
import { modelFileName } from './model-file.ts'
import { ServedFilter } from './served-filter.ts'
import { EXPLORATION, SPAM_TASK } from './settings.ts'
import { spamFilterOnnx } from './spam-filter-onnx.ts'
import { startTracing } from './tracing.ts'
import { TriageService } from './triage-service.ts'
import type { Version } from './versions.ts'

export interface MailServiceOptions {
  /** The same seed gives the same IDs, draws and figures. */
  readonly seed: number
  /** Folder for the register and the model files; emptied first. */
  readonly folder: string
}

/** The service with all that it runs on, open. */
export interface MailService {
  readonly seed: number
  /** Keeps draws and salts from being guessed. A service that is not an example has it from its environment. */
  readonly secret: string
  /** Milliseconds since 1970: moved from mail to mail, since the mails are old. */
  readonly clock: { time: number }
  readonly now: () => number
  readonly register: Register
  readonly pipeline: Pipeline
  readonly triage: TriageService
  /** From now on this version serves: its file is written and loaded, and the version before it is given up. */
  readonly serve: (version: Pick<Version, 'model' | 'version'>) => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens the service with an empty register and no version that serves. */
export function openMailService({ seed, folder }: MailServiceOptions): MailService {
  const models = join(folder, 'models')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(models, { recursive: true })
  const clock = { time: 0 }
  const now = (): number => clock.time
  const secret = `mail-triage example, seed ${seed}`
  const stopTracing = startTracing(seed)
  const register = openSqliteRegister({ path: join(folder, 'register.db'), tasks: [SPAM_TASK], now })
  const pipeline = createPipeline({ processors: [registerProcessor(register, { tasks: [SPAM_TASK] })], now })
  let champion: ServedFilter | undefined
  return {
    seed,
    secret,
    clock,
    now,
    register,
    pipeline,
    triage: new TriageService({
      champion() {
        if (champion === undefined) throw new Error('No version serves yet. Call serve first.')
        return champion
      },
      exploration: createExploration({ secret, ...EXPLORATION }),
      tracer: trace.getTracer('mail-triage'),
    }),
    async serve({ model, version }) {
      const file = join(models, modelFileName(version))
      writeFileSync(file, spamFilterOnnx(model, version))
      const replaced = champion
      champion = await ServedFilter.load(file)
      await replaced?.release()
    },
    async close() {
      await pipeline.shutdown()
      await register.close()
      await champion?.release()
      stopTracing()
    },
  }
}
