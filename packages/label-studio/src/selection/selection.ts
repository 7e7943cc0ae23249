import { GroundtraceError, secretKey, type Prediction, type Register, type Secret } from '@groundtrace/core'
import type { Outbox } from '../bridge/outbox.ts'
import { classOf, INELIGIBLE, ineligible, isPrivate, type Candidate, type Ineligible } from './candidate.ts'
import { lotOf } from './draw.ts'
import { pick } from './pick.ts'
import {
  checkedSelectionPlan,
  DEFAULT_EVERY_SECONDS,
  DEFAULT_WINDOW,
  type Route,
  type SelectionPlan,
  type Slice,
  type Strategy,
} from './selection-plan.ts'

export interface SelectionOptions {
  readonly register: Pick<Register, 'read' | 'advance' | 'outcomesOf'>
  readonly outbox: Outbox
  readonly plan: SelectionPlan
  /** Decides who is drawn: 16 bytes or more. Whoever has it can tell. */
  readonly secret: Secret
  /** Slices where the world has moved, as they are now, beside those of the plan. Default none. */
  readonly drifted?: () => readonly Slice[] | Promise<readonly Slice[]>
}

/** What a round brought. */
export interface SelectionRound {
  /** Lines of the ledger that were looked at. */
  readonly lines: number
  /** Predictions among them that could not be picked, by reason. */
  readonly ineligible: Readonly<Record<Ineligible, number>>
  /** New units by project and reason. */
  readonly picked: Readonly<Record<string, Readonly<Partial<Record<Strategy, number>>>>>
}

/** Picks predictions of one task, in rounds. */
export interface Selection {
  /**
   * Looks at what came since the last round and picks of it.
   * @returns undefined when no round is due: the last one is not long ago, a day's budget is spent, or nothing came
   * Rejects as the register does; then nothing was picked
   */
  readonly round: () => Promise<SelectionRound | undefined>
}

const DAY_MS = 24 * 3600 * 1000
const PAGE = 1000

/** The cursor over the predictions ledger, of one task's selection. What it has not read the register does not prune. */
export const selectionCursor = (task: string): string => `label-studio.${task}`

/**
 * Makes a selection. Picks, their propensities and the place up to which the ledger was read are stored in one transaction:
 * whatever dies, each prediction is looked at once.
 * @throws GroundtraceError `invalid-argument` for a plan without a random share, or one that contradicts itself, for a share
 * of drifted slices that nothing names, and for a short secret
 */
export function createSelection({ register, outbox, plan: given, secret, drifted }: SelectionOptions): Selection {
  const plan = checkedSelectionPlan(given)
  if ((plan.mix.drifted ?? 0) > 0 && plan.drifted === undefined && drifted === undefined) {
    throw new GroundtraceError(
      'invalid-argument',
      'Selection: nothing says which slices have drifted, so that its share would pick nothing',
      'List drifted slices in the plan as { slice, value }, or take drifted out of the mix',
    )
  }
  const key = secretKey(secret)
  const cursor = selectionCursor(plan.task)
  const unacknowledged = `${cursor} unacknowledged`
  const tried = `${cursor} round`
  const routes = [
    { route: plan.crowd, holds: (candidate: Candidate) => !isPrivate(candidate.prediction, plan.private) },
    { route: plan.expert, holds: (candidate: Candidate) => isPrivate(candidate.prediction, plan.private) },
  ].flatMap(({ route, holds }) => (route === undefined ? [] : [{ route, holds }]))

  function budgetOf({ project, perRound, perDay = Infinity }: Route): number {
    return Math.min(perRound, perDay - outbox.units.plannedSince(project, outbox.now() - DAY_MS))
  }

  function isDue(): boolean {
    const last = outbox.positions.of(tried)
    const since = outbox.now() - last
    const early = last > 0 && since >= 0 && since < (plan.everySeconds ?? DEFAULT_EVERY_SECONDS) * 1000
    // One that has no room left would leave the others' predictions without a chance: all wait.
    return !early && routes.every(({ route }) => budgetOf(route) >= 1)
  }

  async function readWindow(after: number): Promise<{ readonly lines: readonly Prediction[]; readonly upto: number }> {
    const most = plan.window ?? DEFAULT_WINDOW
    const lines: Prediction[] = []
    for (let upto = after; ;) {
      const page = await register.read('predictions', { after: upto, limit: Math.min(PAGE, most - lines.length) })
      if (page.lines.length === 0) return { lines, upto: page.position }
      for (const line of page.lines) lines.push(line)
      upto = page.position
      if (lines.length >= most) return { lines, upto }
    }
  }

  function candidateOf(prediction: Prediction): Candidate {
    return { prediction, lot: lotOf(key, plan.task, prediction.id), class: classOf(prediction) }
  }

  async function isOpen({ prediction }: Candidate): Promise<boolean> {
    return (await register.outcomesOf(prediction.id)).at(-1)?.state !== 'settled'
  }

  /** The register's cursor follows: what it has passed may be pruned. After a crash it stays a little behind. */
  async function acknowledge(): Promise<void> {
    const waiting = outbox.positions.of(unacknowledged)
    if (waiting === 0) return
    outbox.write(() => outbox.positions.move(unacknowledged, 0))
    for (let left = waiting; left > 0;) {
      const taken = await register.advance(cursor, 'predictions', () => [], Math.min(left, PAGE))
      if (taken === 0) return
      left -= taken
    }
  }

  return {
    async round() {
      await acknowledge()
      if (!isDue()) return undefined
      const after = outbox.positions.of(cursor)
      const { lines, upto } = await readWindow(after)
      if (lines.length === 0) return undefined
      const counts = Object.fromEntries(INELIGIBLE.map((reason) => [reason, 0])) as Record<Ineligible, number>
      const candidates: Candidate[] = []
      for (const line of lines) {
        const reason = ineligible(line, plan.task, outbox.now())
        if (reason === undefined) candidates.push(candidateOf(line))
        else counts[reason] += 1
      }
      const slices = [...(plan.drifted ?? []), ...((await drifted?.()) ?? [])]
      const rounds = await Promise.all(
        routes.map(async ({ route, holds }) => {
          const eligible = candidates.filter(holds)
          const classes = outbox.units.classes(route.project)
          const context = { plan, classes, drifted: slices, budget: budgetOf(route), isOpen }
          return { project: route.project, eligible: eligible.length, picks: await pick(eligible, context) }
        }),
      )
      const picked: Record<string, Partial<Record<Strategy, number>>> = {}
      outbox.write(() => {
        for (const { project, eligible, picks } of rounds) {
          const drawn = picks.filter(({ reason }) => reason === 'random').length
          const round = outbox.rounds.add({ task: plan.task, project, after, upto, eligible, drawn })
          const byReason: Partial<Record<Strategy, number>> = (picked[project] ??= {})
          for (const { candidate, reason, propensity } of picks) {
            const unit = {
              prediction: candidate.prediction.id,
              project,
              reason,
              ...(propensity !== undefined && { propensity }),
              ...(candidate.class !== undefined && { class: candidate.class }),
            }
            byReason[reason] = (byReason[reason] ?? 0) + outbox.units.plan([unit], round)
          }
        }
        outbox.positions.move(cursor, upto)
        outbox.positions.move(unacknowledged, lines.length)
        outbox.positions.move(tried, Math.floor(outbox.now()))
      })
      await acknowledge()
      return { lines: lines.length, ineligible: counts, picked }
    },
  }
}
