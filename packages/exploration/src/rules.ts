import { GroundtraceError, isPropensity, isName, quote } from '@groundtrace/core'

/** Scores from `from` (included) up to the next tier, and the share of them that is released. */
export interface Tier {
  /** `-Infinity` for a first tier that covers every score. */
  readonly from: number
  /** Probability, from 1e-6 to 1, that a prediction of this tier is released. */
  readonly propensity: number
}

/** Whom to let through although the action says otherwise. */
export interface ReleaseRule {
  /** The action that hides the truth: `block`. */
  readonly action: string
  /** In ascending order of `from`. */
  readonly tiers: readonly Tier[]
}

/** Whom to look at among those that pass. */
export interface AuditRule {
  /** The action that lets through: `pass`. */
  readonly action: string
  /** Probability, from 1e-6 to 1, that a prediction with this action is audited. */
  readonly propensity: number
}

function refuse(cause: string, nextStep: string): never {
  throw new GroundtraceError('invalid-argument', cause, nextStep)
}

function checkedPropensity(propensity: number, where: string): number {
  if (isPropensity(propensity)) return propensity
  return refuse(
    `Propensity ${quote(propensity)} of ${where} is not in [1e-6, 1]`,
    'Give every one a chance: what can never be chosen can never be estimated',
  )
}

function checkedAction(action: string, where: string): string {
  if (isName(action)) return action
  return refuse(`Action ${quote(action)} of ${where} is not a bounded word`, 'Name it as the service does: block, pass')
}

function checkedTier(tier: Tier): Tier {
  const { from, propensity }: Partial<Tier> = tier ?? {}
  if (typeof from !== 'number' || !(from < Infinity)) {
    return refuse(`A tier starts from ${quote(from)}`, 'Give the lowest score of the tier as a number')
  }
  return { from, propensity: checkedPropensity(propensity, `the tier from ${from}`) }
}

/** The rule, checked and copied. @throws GroundtraceError `invalid-argument` */
export function checkedRelease(rule: ReleaseRule): ReleaseRule {
  const { action, tiers }: Partial<ReleaseRule> = rule ?? {}
  if (!Array.isArray(tiers) || tiers.length === 0) {
    return refuse('The release rule has no tiers', 'Give at least { from: -Infinity, propensity }')
  }
  const checked = Array.from(tiers as readonly Tier[], checkedTier)
  for (const [index, { from }] of checked.entries()) {
    const before = checked[index - 1]
    if (before !== undefined && before.from >= from) {
      return refuse(`The tier from ${from} stands behind the tier from ${before.from}`, 'Put tiers in ascending order')
    }
  }
  return { action: checkedAction(action, 'the release rule'), tiers: checked }
}

/** The rule, checked and copied. @throws GroundtraceError `invalid-argument` */
export function checkedAudit(rule: AuditRule): AuditRule {
  const { action, propensity }: Partial<AuditRule> = rule ?? {}
  return {
    action: checkedAction(action, 'the audit rule'),
    propensity: checkedPropensity(propensity, 'the audit rule'),
  }
}
