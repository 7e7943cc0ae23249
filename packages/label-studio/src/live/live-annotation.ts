import { randomBytes } from 'node:crypto'
import { GroundtraceError, isRecord, quote, type Task } from '@groundtrace/core'
import type { LiveBoard } from './live-board.ts'
import { early, final, leading, LIVE_WAYS, type LiveDecision, type LiveWay } from './live-decision.ts'
import { checkedRules, type LiveRules } from './live-rules.ts'
import { isSkill, weighVotes, type Skill, type Vote } from './weigh-votes.ts'

/** A prediction to be decided on. */
export interface LivePrediction {
  /** The model's probability of each class; what is left out is 0. */
  readonly scores: Readonly<Record<string, number>>
  /** What annotators would see. */
  readonly data: Readonly<Record<string, unknown>>
  /** Annotators must not see it. Default false. */
  readonly private?: boolean
}

export interface LiveOptions {
  /** The task whose classes are decided between. */
  readonly task: Task
  readonly rules: LiveRules
  readonly board: LiveBoard
  /**
   * How good an annotator is, as settled truth has shown; undefined where nothing is known, which is also taken where it
   * throws or says what is no skill. Default: of nobody.
   */
  readonly skillOf?: (annotator: number) => Skill | undefined
  /** Makes probabilities of scores: what counts as confident is only as good as this. Default: they are taken as they are. */
  readonly calibrate?: (scores: Readonly<Record<string, number>>) => Readonly<Record<string, number>>
  /** Told of what the board failed at. Default: nobody. */
  readonly onTrouble?: (error: unknown) => void
  /** Milliseconds of a clock that never goes back. Default `performance.now`. */
  readonly now?: () => number
  readonly timers?: LiveTimers
}

/** The timers of the platform. */
export interface LiveTimers {
  setTimeout(work: () => void, milliseconds: number): unknown
  clearTimeout(timer: never): void
}

/** How much is asked at the moment, and how all that was decided came about. */
export interface LiveLoad {
  /** Tasks before annotators. */
  readonly open: number
  /** Tasks that wait for room. */
  readonly waiting: number
  readonly capacity: number
  /** Of all that was decided since the start. */
  readonly decided: Readonly<Record<LiveWay, number>>
}

export interface LiveAnnotation {
  /**
   * Decides on a prediction: at once where the model is confident, else when annotators and model are certain together, and
   * by the deadline in any case. Never rejects for what the board does.
   * @throws GroundtraceError `invalid-argument` for scores that are no probabilities
   */
  decide(prediction: LivePrediction): Promise<LiveDecision>
  /** Votes may have come: looks now. For a webhook. */
  hint(): void
  load(): LiveLoad
  /** Decides on all that is open or waits, as at its deadline: for the end of the service. */
  close(): void
}

interface Pending {
  readonly key: string
  readonly data: Readonly<Record<string, unknown>>
  readonly model: readonly number[]
  readonly started: number
  readonly timer: unknown
  readonly resolve: (decision: LiveDecision) => void
  votes: readonly Vote[]
}

const NO_LOAD = Object.fromEntries(LIVE_WAYS.map((way) => [way, 0])) as Record<LiveWay, number>

function classesOf({ name, classes }: Task): readonly string[] {
  if (classes !== undefined) return classes
  throw new GroundtraceError('invalid-argument', `Task ${quote(name)} has no classes`, 'Declare them')
}

/** Scores as probabilities of the classes, in order. */
function distributionOf(scores: unknown, classes: readonly string[]): readonly number[] {
  const given = isRecord(scores) ? classes.map((label) => scores[label] ?? 0) : []
  const isFit = given.length > 0 && given.every((value) => typeof value === 'number' && value >= 0 && value <= 1)
  const total = isFit ? (given as number[]).reduce((sum, value) => sum + value, 0) : Number.NaN
  // Rounded scores do not quite sum to 1.
  if (Math.abs(total - 1) < 0.01) return (given as number[]).map((value) => value / total)
  throw new GroundtraceError(
    'invalid-argument',
    `Scores ${quote(scores)} are no probabilities of ${classes.join(', ')}`,
    'Pass a probability for each class, summing to 1',
  )
}

/**
 * Live annotation: those predictions that the model is not sure of are decided by people and the model together, within a
 * deadline.
 * @throws GroundtraceError `invalid-argument` for a task without classes, or rules that make no sense
 */
export function createLiveAnnotation(options: LiveOptions): LiveAnnotation {
  const { task, board, skillOf = () => undefined, calibrate = (scores) => scores, onTrouble } = options
  const { now = () => performance.now(), timers = globalThis } = options
  const classes = classesOf(task)
  const rules = checkedRules(options.rules, classes)
  const decided = { ...NO_LOAD }
  const open = new Map<string, Pending>()
  /** The deadline is the same span for all, so the first that came is the first that is due. */
  const waiting = new Map<string, Pending>()
  let poll: unknown
  let looking = false
  let again = false

  function trouble(error: unknown): void {
    try {
      onTrouble?.(error)
    } catch {
      // Whoever listens must not delay a decision.
    }
  }

  /** Waits for nobody, also where a board throws instead of rejecting: a timer would take the process along. */
  async function tell(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      trouble(error)
    }
  }

  /** Whatever is no skill counts as not known: a decision is due all the same. */
  function knownSkill(annotator: number): Skill | undefined {
    try {
      const skill = skillOf(annotator)
      if (skill === undefined || isSkill(skill, classes.length)) return skill
      trouble(
        new GroundtraceError('invalid-argument', `The skill of ${annotator} is none`, 'Give a probability, or rows'),
      )
    } catch (error) {
      trouble(error)
    }
    return undefined
  }

  function count(decision: LiveDecision): LiveDecision {
    decided[decision.how] += 1
    return decision
  }

  function standingOf({ model, votes }: Pick<Pending, 'model' | 'votes'>) {
    return { classes, model, votes, posterior: weighVotes(classes, model, votes, knownSkill) }
  }

  function end(pending: Pending, verdict: Pick<LiveDecision, 'value' | 'probability' | 'how'>): void {
    timers.clearTimeout(pending.timer as never)
    waiting.delete(pending.key)
    const wasOpen = open.delete(pending.key)
    const { model, votes, started } = pending
    pending.resolve(count({ ...verdict, votes, model: leading(classes, model), seconds: (now() - started) / 1000 }))
    if (wasOpen) void tell(() => board.close([pending.key]))
    fill()
  }

  /** Shows what waits, as far as there is room. */
  function fill(): void {
    const next = [...waiting.values()].slice(0, rules.capacity - open.size)
    for (const pending of next) {
      waiting.delete(pending.key)
      open.set(pending.key, pending)
    }
    if (next.length > 0) void tell(() => board.post(next.map(({ key, data }) => ({ key, data }))))
    if (open.size > 0) poll ??= timers.setTimeout(tick, rules.pollSeconds * 1000)
  }

  function tick(): void {
    poll = undefined
    void look()
  }

  /** Reads votes, and decides on what is certain. One look at a time; who asks meanwhile gets one more. */
  async function look(): Promise<void> {
    again = looking
    if (looking) return
    looking = true
    try {
      const votes = await board.votes([...open.keys()])
      for (const [key, said] of votes) take(key, said)
    } catch (error) {
      trouble(error)
    } finally {
      looking = false
    }
    if (again) await look()
    else if (open.size > 0) poll ??= timers.setTimeout(tick, rules.pollSeconds * 1000)
  }

  function take(key: string, said: readonly Vote[]): void {
    const pending = open.get(key)
    if (pending === undefined) return
    pending.votes = said.filter(({ value }) => classes.includes(value))
    const verdict = early(standingOf(pending), rules)
    if (verdict !== undefined) end(pending, verdict)
  }

  function atOnce(model: readonly number[], how: LiveWay): LiveDecision {
    const lead = leading(classes, model)
    return count({ ...lead, how, votes: [], model: lead, seconds: 0 })
  }

  return {
    async decide(prediction) {
      const model = distributionOf(calibrate(prediction?.scores), classes)
      if (leading(classes, model).probability >= rules.confident) return atOnce(model, 'confident')
      if (prediction.private === true) return atOnce(model, 'withheld')
      if (open.size >= rules.capacity && waiting.size >= rules.mostWaiting) return atOnce(model, 'overloaded')
      return await new Promise((resolve) => {
        const started = now()
        const key = randomBytes(16).toString('hex')
        const timer = timers.setTimeout(
          () => end(pending, final(standingOf(pending), rules)),
          rules.deadlineSeconds * 1000,
        )
        const pending: Pending = { key, data: prediction.data, model, started, timer, resolve, votes: [] }
        waiting.set(key, pending)
        fill()
      })
    },
    hint: () => void look(),
    load: () => ({ open: open.size, waiting: waiting.size, capacity: rules.capacity, decided: { ...decided } }),
    close() {
      const all = [...waiting.values(), ...open.values()]
      waiting.clear()
      for (const pending of all) end(pending, final(standingOf(pending), rules))
      timers.clearTimeout(poll as never)
      poll = undefined
    },
  }
}
