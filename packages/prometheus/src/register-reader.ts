import { CATALOGUE } from './catalogue.ts'
import { withinDeadline } from './deadline.ts'
import { labelLimits } from './label-limits.ts'
import { answersToCome } from './maturity/answers-to-come.ts'
import { MATURITY } from './maturity/count-maturity.ts'
import { recentVersions } from './recent-versions.ts'
import { figuresOf, totalsAsCounts, type Figures } from './samples.ts'
import { tailLedgers, type MetricsRegister } from './tail-ledgers.ts'

export interface RegisterReaderOptions {
  readonly register: MetricsRegister
  /** Lines to count at most before a reading; 0: none. */
  readonly linesPerReading: number
  readonly timeoutSeconds: number
  /** Versions of a model on the page. */
  readonly versions: number
  readonly onError: (error: unknown) => void
  readonly now: () => number
}

/** Reads the figures of the register, once for all who ask at the same time. */
export interface RegisterReader {
  /** Counts what is new, to the ends of all ledgers. Rejects as the register does. */
  update(): Promise<number>
  /** The figures, or undefined when the register fails or takes too long. Never rejects. */
  figures(): Promise<Figures | undefined>
  /** How often `figures` had no answer. */
  errors(): number
}

/** How the names of all metrics begin. */
const METRICS = 'groundtrace_'

const isOurs = ({ name }: { readonly name: string }): boolean => Object.hasOwn(CATALOGUE, name.replace(/_sum$/, ''))

export function registerReader(options: RegisterReaderOptions): RegisterReader {
  const { register, linesPerReading, timeoutSeconds, versions, onError, now } = options
  const limits = labelLimits()
  const recent = recentVersions(versions)
  let learned = false
  let errors = 0
  /** The last tailing; the next one waits for it, so that labels are admitted in one order. */
  let tailing: Promise<unknown> = Promise.resolve()
  /** A reading that is under way, perhaps beyond its deadline: a register that hangs is asked only once. */
  let reading: Promise<Figures> | undefined
  let asking: Promise<Figures | undefined> | undefined

  async function tail(most?: number): Promise<number> {
    if (!learned) limits.learn((await register.counts(METRICS)).filter(isOurs))
    learned = true
    return tailLedgers(register, (counts) => limits.within(counts), most)
  }

  function queued(most?: number): Promise<number> {
    const run = tailing.then(() => tail(most))
    tailing = run.catch(() => undefined)
    return run
  }

  async function read(): Promise<Figures> {
    const taken = linesPerReading > 0 ? await queued(linesPerReading) : 0
    const counts = (await register.counts(METRICS)).filter(isOurs)
    // Another process may have counted too: what it named keeps its name here.
    limits.learn(counts)
    const totals = limits.within(totalsAsCounts(await register.totals()))
    // Where not all is counted yet, answers would seem to be missing.
    const toCome = taken === linesPerReading && taken > 0 ? [] : answersToCome(await register.counts(MATURITY), now())
    return figuresOf([...recent(counts), ...totals, ...limits.within(toCome)])
  }

  async function ask(): Promise<Figures | undefined> {
    try {
      reading ??= read().finally(() => {
        reading = undefined
      })
      return await withinDeadline(reading, timeoutSeconds)
    } catch (error) {
      errors += 1
      void tell(error)
      return undefined
    }
  }

  /** Nobody waits for it, and it never rejects: a logger that fails must not take the host's page or process with it. */
  async function tell(error: unknown): Promise<void> {
    try {
      const heard: unknown = onError(error)
      await heard
    } catch {
      // Nobody is left to tell.
    }
  }

  return {
    update: () => queued(),
    figures: () =>
      (asking ??= ask().finally(() => {
        asking = undefined
      })),
    errors: () => errors,
  }
}
