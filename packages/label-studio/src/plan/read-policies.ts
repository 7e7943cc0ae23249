import { GroundtraceError, isRecord } from '@groundtrace/core'
import { checkedRules, type LiveRules } from '../live/live-rules.ts'
import { checkedSelectionPlan, type SelectionPlan } from '../selection/selection-plan.ts'
import { checkedTruthPolicy, type TruthPolicy } from '../truth/truth-policy.ts'
import type { ProjectRole } from './plan.ts'
import type { PlanSection } from './plan-section.ts'

const ROUTE = ['perRound', 'perDay']
const SELECTION = [
  'mix',
  'uncertainty',
  'diversity',
  'critical',
  'drifted',
  'private',
  'everySeconds',
  'window',
  'crowd',
  'expert',
]
const CROWD = ['rule', 'agreeing', 'posterior', 'minimum', 'maximum', 'release', 'unclear', 'members', 'groups']
const EXPERT = ['agreeing', 'members']
const LIVE = [
  'confident',
  'deadlineSeconds',
  'quorum',
  'certain',
  'contestedBelow',
  'contention',
  'capacity',
  'mostWaiting',
  'pollSeconds',
]

/** What the policies of a task are about. */
export interface PolicyContext {
  readonly task: string
  readonly classes: readonly string[]
  /** Names of its projects. */
  readonly projects: Readonly<Partial<Record<ProjectRole, string>>>
}

/** What the rules themselves say is wrong stands where their section does. */
function checked<T>(section: PlanSection, name: string, check: () => T): T | undefined {
  try {
    return check()
  } catch (error) {
    if (!GroundtraceError.isInstance(error)) throw error
    const [cause = '', ...nextStep] = error.message.replace(/\.$/, '').split('. ')
    return section.wrong(name, cause, nextStep.join('. '))
  }
}

/** A section as plain data, of which only these names are known. */
function plainOf(
  section: PlanSection,
  name: string,
  names: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  const part = section.section(name)
  part?.only(names)
  const plain = part === undefined ? undefined : section.plain(name)
  return isRecord(plain) ? plain : undefined
}

/** The part of a section that is about one project, with the name of that. */
function partOf(
  section: PlanSection | undefined,
  role: ProjectRole,
  names: readonly string[],
  projects: PolicyContext['projects'],
): { readonly project: string } | undefined {
  if (section?.has(role) !== true) return undefined
  const project = projects[role]
  const part = plainOf(section, role, names)
  if (part === undefined) return undefined
  if (project === undefined)
    return section.wrong(
      role,
      `${section.path} has a part for ${role}, but there is no such project`,
      `Add ${role} to the task, or leave it out here`,
    )
  return { ...part, project }
}

export function readSelection(section: PlanSection, { task, projects }: PolicyContext): SelectionPlan | undefined {
  const given = plainOf(section, 'selection', SELECTION)
  const part = section.section('selection')
  if (given === undefined || part === undefined) return undefined
  const routes = {
    crowd: partOf(part, 'crowd', ROUTE, projects),
    expert: partOf(part, 'expert', ROUTE, projects),
  }
  const { crowd, expert, ...rest } = given
  const wrongRoutes =
    (crowd !== undefined && routes.crowd === undefined) || (expert !== undefined && routes.expert === undefined)
  if (wrongRoutes) return undefined
  const plan = {
    ...rest,
    task,
    ...(routes.crowd !== undefined && { crowd: routes.crowd }),
    ...(routes.expert !== undefined && { expert: routes.expert }),
  }
  return checked(section, 'selection', () => checkedSelectionPlan(plan as unknown as SelectionPlan))
}

/** The policy that a task has when its plan says nothing, with what it says. */
export function readTruth(section: PlanSection, { classes, projects }: PolicyContext): TruthPolicy | undefined {
  const part = section.section('truth')
  if (section.has('truth') && part === undefined) return undefined
  part?.only(['crowd', 'expert'])
  const { crowd, expert } = projects
  const policy: TruthPolicy = {
    classes,
    ...(crowd !== undefined && { crowd: partOf(part, 'crowd', CROWD, projects) ?? { project: crowd } }),
    ...(expert !== undefined && {
      expert: partOf(part, 'expert', EXPERT, projects) ?? { project: expert },
    }),
  }
  return checked(section, part === undefined ? 'classes' : 'truth', () => {
    checkedTruthPolicy(policy)
    return policy
  })
}

export function readLive(section: PlanSection, { classes }: PolicyContext): LiveRules | undefined {
  const given = plainOf(section, 'live', LIVE)
  if (given === undefined) return undefined
  return checked(section, 'live', () => {
    checkedRules(given as unknown as LiveRules, classes)
    return given as unknown as LiveRules
  })
}
