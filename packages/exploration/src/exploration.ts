import {
  GroundtraceError,
  isKey,
  MAX_KEY_LENGTH,
  quote,
  secretKey,
  trackingId,
  type Policy,
  type Secret,
  type TrackingId,
} from '@groundtrace/core'
import { checkedAudit, checkedRelease, type AuditRule, type ReleaseRule, type Tier } from './rules.ts'
import { drawn } from './uniform.ts'

/** What {@link createExploration} takes: the secret, and at least one of the two rules. */
export interface ExplorationOptions {
  readonly secret: Secret
  /** The holdout: a share of what is blocked passes, more of it where the model is less sure. */
  readonly release?: ReleaseRule
  /** A share of what passes is looked at. */
  readonly audit?: AuditRule
}

/** What the service is about to do with a prediction. */
export interface Intent {
  /** `block`, `pass`, …; an action without a rule is left alone. */
  readonly action: string
  /** The score that tiers are cut by. Needed for the action of the release rule. */
  readonly score?: number
  /**
   * What is drawn for instead of the tracking ID: the business key of the thing that is decided on. A thing sent again is
   * then the same draw, so nobody gets through by trying until chance is with him. It must be a key that its sender does
   * not choose. Default: the tracking ID, a new draw for every prediction.
   */
  readonly unit?: string
}

export interface Exploration {
  /**
   * Draws for one prediction. The same ID and intent give the same answer, in every replica, at any time.
   * @returns the policy to log with the prediction. `explored` on the release action: let it through; on the audit action:
   * have it labelled. Without a rule for the action: the action alone.
   * @throws GroundtraceError `invalid-tracking-id`; `invalid-argument` for an action or unit that is no short
   * text, a score that is no finite number, or one below the first tier
   */
  decide(id: TrackingId, intent: Intent): Policy
}

function refuse(cause: string, nextStep: string): never {
  throw new GroundtraceError('invalid-argument', cause, nextStep)
}

function checkedIntent(intent: Intent): Intent {
  const { action, score, unit }: Partial<Intent> = intent ?? {}
  if (typeof action !== 'string' || action === '' || action.length > MAX_KEY_LENGTH)
    return refuse(`Action ${quote(action)} is no short text`, 'Say what the service is about to do: block, pass')
  if (score !== undefined && !Number.isFinite(score))
    return refuse(`Score ${quote(score)} is not a finite number`, 'Pass the score that the action was decided by')
  if (unit !== undefined && !isKey(unit))
    return refuse(
      `Unit ${quote(unit)} is no short text`,
      'Pass the business key of what is decided on, or leave it out',
    )
  return { action, ...(score === undefined ? {} : { score }), ...(unit === undefined ? {} : { unit }) }
}

function tierOf(tiers: readonly Tier[], score: number | undefined): Tier {
  if (score === undefined) return refuse('A score is missing', 'Pass the score that the action was decided by')
  const tier = tiers.findLast(({ from }) => from <= score)
  if (tier !== undefined) return tier
  return refuse(
    `Score ${score} lies below the first tier, which starts from ${tiers[0]?.from}`,
    'Start the first tier at the lowest score that this action is taken for, or at -Infinity',
  )
}

/**
 * Decides whom to let through and whom to look at, each by a draw of its own whose probability is known.
 * @throws GroundtraceError `invalid-argument` for a short secret, a propensity outside (0, 1], tiers out of order, no rule
 * at all, or both rules on one action
 */
export function createExploration(options: ExplorationOptions): Exploration {
  const { secret, release: releaseRule, audit: auditRule }: Partial<ExplorationOptions> = options ?? {}
  const key = secretKey(secret)
  const release = releaseRule === undefined ? undefined : checkedRelease(releaseRule)
  const audit = auditRule === undefined ? undefined : checkedAudit(auditRule)
  if (release === undefined && audit === undefined)
    return refuse('There is neither a release nor an audit rule', 'Give at least one of them')
  if (release?.action === audit?.action)
    return refuse(`Both rules are for action ${quote(audit?.action)}`, 'Release what is blocked and audit what passes')

  function draw(purpose: 'release' | 'audit', subject: string, action: string, propensity: number): Policy {
    return { action, propensity, explored: drawn(key, purpose, subject) < propensity }
  }

  return {
    decide(id, intent) {
      trackingId(id)
      const { action, score, unit } = checkedIntent(intent)
      const subject = unit ?? id
      if (action === release?.action) return draw('release', subject, action, tierOf(release.tiers, score).propensity)
      if (action === audit?.action) return draw('audit', subject, action, audit.propensity)
      return { action }
    },
  }
}
