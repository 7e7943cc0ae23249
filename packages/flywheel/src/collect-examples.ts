import { quote, type JoinedOutcome, type Register } from '@groundtrace/core'
import { optionsOf, refusal, wholeFrom } from './argument.ts'
import { erasedEvidence, type ErasingRegister, type RestsOnErased } from './erased-evidence.ts'
import type { ExamplePool, PoolChange } from './example-pool.ts'

export interface CollectOptions {
  /** Position in the outcomes ledger to read from; what the last call returned. Default 0, the start. */
  readonly after?: number
  /** Lines read at once, and so payloads asked for at once. Default 1,000. */
  readonly pageSize?: number
}

/** What a walk along the outcomes ledger brought. */
export interface Collected extends PoolChange {
  /** Pass as `after` next time. */
  readonly position: number
}

/**
 * Reads the outcomes ledger to its end into a pool of examples. The position may be kept anywhere or nowhere: lines
 * that were read before change nothing, so a restarted process starts at 0 with an empty pool and comes to the same
 * examples. Only the last line of a prediction within a page has its payload read. What rests on erased feedback makes no
 * example: it counts as `features-missing`.
 * @throws GroundtraceError `invalid-argument`; `register-unavailable` and `register-closed` from the register. The pool
 *   then holds what earlier pages brought: call again with the same `after`.
 */
export async function collectExamples(
  register: Pick<Register, 'read' | 'prediction'> & ErasingRegister,
  pool: ExamplePool,
  options: CollectOptions = {},
): Promise<Collected> {
  if (typeof pool?.add !== 'function') {
    throw refusal(`pool is ${quote(pool)}`, 'Pass a pool made by new ExamplePool(task)')
  }
  const { after = 0, pageSize = 1000 } = optionsOf(options, 'CollectOptions')
  const limit = wholeFrom(1, pageSize, 'pageSize')
  const sum = { lines: 0, added: 0, changed: 0, withdrawn: 0 }
  let position = wholeFrom(0, after, 'after')
  const restsOnErased = await erasedEvidence(register)
  for (;;) {
    const page = await register.read('outcomes', { after: position, limit })
    if (page.lines.length === 0) return { ...sum, position }
    const change = pool.add(await withPayloads(register, restsOnErased, pool, page.lines))
    for (const key of ['lines', 'added', 'changed', 'withdrawn'] as const) sum[key] += change[key]
    position = page.position
  }
}

/** The last line of every prediction that the pool has not seen, with features. */
async function withPayloads(
  register: Pick<Register, 'prediction'>,
  restsOnErased: RestsOnErased,
  pool: ExamplePool,
  lines: readonly JoinedOutcome[],
): Promise<readonly JoinedOutcome[]> {
  const last = new Map(lines.map((line) => [line.prediction.id, line]))
  const fresh = [...last.values()].filter(
    ({ prediction, outcome }) => prediction.task.name === pool.task && !pool.has(prediction.id, outcome.version),
  )
  return Promise.all(
    fresh.map(async (line) => {
      const { outcome, prediction } = line
      if (outcome.state !== 'settled' || (await restsOnErased(prediction.id, outcome.evidence))) return line
      return { outcome, prediction: (await register.prediction(prediction.id)) ?? prediction }
    }),
  )
}
