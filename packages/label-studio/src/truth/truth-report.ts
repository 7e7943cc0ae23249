import { answerBook } from '../bridge/answer-book.ts'
import type { Outbox } from '../bridge/outbox.ts'
import type { CrowdChoice } from './consensus-choice.ts'
import { decide, type Decision } from './decide.ts'
import { heldUnits } from './held-units.ts'
import { checkedTruthPolicy, type TruthPolicy } from './truth-policy.ts'
import type { AnswerReader } from './votes.ts'

export interface TruthReportOptions {
  readonly outbox: Outbox
  readonly policy: TruthPolicy
  readonly readAnswer: AnswerReader
}

/** Where the truth of a project's units stands, in counts: it names no person and no prediction. */
export interface ProjectTruth {
  readonly project: string
  /** Units that anything was answered for. */
  readonly units: number
  readonly settled: number
  /** Of the settled ones, by the rule that did. */
  readonly settledBy: Readonly<Record<'agreement' | 'posterior' | 'surprise', number>>
  /** More answers may settle these. */
  readonly open: number
  /** More answers are not waited for: these are for the experts. */
  readonly contentious: number
  /** Why units are not settled, by reason; a unit may have several. */
  readonly why: Readonly<Record<string, number>>
  /** Unsettled units that a declared group has not answered, by group. */
  readonly missingGroups: Readonly<Record<string, number>>
  /** Lines made for the register so far: labels, and labels that were taken back. */
  readonly lines: Readonly<Record<'annotation' | 'retraction', number>>
}

export interface TruthReport {
  readonly crowd?: ProjectTruth
  readonly expert?: ProjectTruth
  /** How the crowd's answers are put together. */
  readonly consensus?: CrowdChoice
}

function countBy(keys: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const key of keys.toSorted()) counts.set(key, (counts.get(key) ?? 0) + 1)
  return Object.fromEntries(counts)
}

function projectTruth(outbox: Outbox, project: string, decisions: readonly Decision[]): ProjectTruth {
  const verdicts = decisions.filter(({ held }) => held.unit.project === project).map(({ verdict }) => verdict)
  const settled = verdicts.filter((verdict) => verdict.state === 'settled')
  const unsettled = verdicts.filter((verdict) => verdict.state !== 'settled')
  const lines = outbox.truths.said().filter((line) => line.project === project)
  const said = (what: 'annotation' | 'retraction'): number => lines.find((line) => line.said === what)?.lines ?? 0
  return {
    project,
    units: verdicts.length,
    settled: settled.length,
    settledBy: {
      agreement: settled.filter(({ by }) => by === 'agreement').length,
      posterior: settled.filter(({ by }) => by === 'posterior').length,
      surprise: settled.filter(({ by }) => by === 'surprise').length,
    },
    open: unsettled.filter(({ state }) => state === 'open').length,
    contentious: unsettled.filter(({ state }) => state === 'contentious').length,
    why: countBy(unsettled.flatMap(({ why }) => [...why])),
    missingGroups: countBy(
      unsettled.flatMap((verdict) => ('missingGroups' in verdict ? [...(verdict.missingGroups ?? [])] : [])),
    ),
    lines: { annotation: said('annotation'), retraction: said('retraction') },
  }
}

/**
 * What the answers in an outbox come to, and why what is not settled is not. Reads only: also beside the process that
 * settles.
 * @throws GroundtraceError `invalid-argument`, `outbox-unavailable`
 */
export function truthReport({ outbox, policy: given, readAnswer }: TruthReportOptions): TruthReport {
  const policy = checkedTruthPolicy(given)
  return outbox.read(() => {
    const held = heldUnits(answerBook(outbox), outbox.truths, policy, readAnswer)
    const { decisions, consensus } = decide([...held.values()], policy, outbox.now())
    return {
      ...(policy.crowd && { crowd: projectTruth(outbox, policy.crowd.project, decisions) }),
      ...(policy.expert && { expert: projectTruth(outbox, policy.expert.project, decisions) }),
      ...(consensus && { consensus }),
    }
  })
}
