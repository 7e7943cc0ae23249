import { GroundtraceError, isName, isRecord, quote } from '@groundtrace/core'

/** Declared groups of raters: by name, the numbers that their members have on the server. */
export type RaterGroups = Readonly<Record<string, readonly number[]>>

/**
 * - `agreement`: enough annotators say the same, or a model of them is sure enough.
 * - `surprisingly-popular`: of `maximum` answers, the label that more give than all together expect. For questions of which
 *   most people know less than they think; annotators say what share of people will choose each class.
 */
export const SETTLING_RULES = ['agreement', 'surprisingly-popular'] as const
export type SettlingRule = (typeof SETTLING_RULES)[number]

/** When a crowd's answers make a truth. */
export interface CrowdPolicy {
  /** Name of the project, as the plan has it. */
  readonly project: string
  /** Default `agreement`. Of the others `surprisingly-popular` takes `maximum`, `unclear` and `groups` alone. */
  readonly rule?: SettlingRule
  /** So many different annotators who say the same settle a unit. Default 3. */
  readonly agreeing?: number
  /** A label this probable settles a unit as well, by a model of the annotators. In (0.5, 1). Default 0.95. */
  readonly posterior?: number
  /** Fewer answers than this are never settled by their posterior, however sure the model is. Default 2. */
  readonly minimum?: number
  /** A unit that has so many answers and is not settled is contentious. Default 5. */
  readonly maximum?: number
  /**
   * A unit that its posterior settled stays so until that falls below this: figures that sway a little around the bound do
   * not settle and retract a unit again and again. From above 0.5 to `posterior`. Default 0.9, or `posterior` if that is less.
   */
  readonly release?: number
  /** So many annotators who flag a unit as unclear make it contentious, whatever else is said. Default 2. */
  readonly unclear?: number
  /**
   * Numbers on the server of those whose word counts; that of others is no answer. Default: everybody's. In the open edition
   * every member of an organisation may answer in every project, and whoever has the invitation makes as many accounts as
   * they like.
   */
  readonly members?: readonly number[]
  /** Groups that are heard before a unit is settled. Default: none are declared. */
  readonly groups?: {
    readonly members: RaterGroups
    /** A unit needs an answer from so many groups. Default 1. */
    readonly atLeast?: number
    /**
     * What share of the people whom the model serves each group stands for, adding up to 1: the report then says whose
     * answers are too few. Default: not known.
     */
    readonly serves?: Readonly<Record<string, number>>
  }
}

/** When experts' answers make a truth. */
export interface ExpertPolicy {
  /** Name of the project, as the plan has it. */
  readonly project: string
  /** So many different experts who say the same, and nobody who says otherwise, settle a unit. Default 1. */
  readonly agreeing?: number
  /**
   * Numbers on the server of those whose word counts; that of others is no answer. Default: everybody's, also
   * that of people who are no experts. In the open edition
   * every member of an organisation may answer in every project, and whoever has the invitation makes as many accounts as
   * they like.
   */
  readonly members?: readonly number[]
}

/** How truth is settled for the predictions of one task. */
export interface TruthPolicy {
  /** The labels that an answer may have. */
  readonly classes: readonly string[]
  readonly crowd?: CrowdPolicy
  /** Where contentious units go; without it they stay contentious. */
  readonly expert?: ExpertPolicy
}

/** Whose word counts; undefined: everybody's. */
interface CheckedMembers {
  readonly members?: ReadonlySet<number>
}

export interface CheckedExpertPolicy extends Required<Omit<ExpertPolicy, 'members'>>, CheckedMembers {}

export interface CheckedCrowdPolicy extends Required<Omit<CrowdPolicy, 'groups' | 'members'>>, CheckedMembers {
  /** Of the task. */
  readonly classes: readonly string[]
  /** Names of the groups that there are. */
  readonly groups: readonly string[]
  readonly groupsNeeded: number
  /** Share of the people served, by group; empty where it was not declared. */
  readonly serves: Readonly<Record<string, number>>
  /** Group of an annotator, by their number. */
  readonly groupOf: ReadonlyMap<number, string>
}

export interface CheckedTruthPolicy {
  readonly classes: readonly string[]
  readonly crowd?: CheckedCrowdPolicy
  readonly expert?: CheckedExpertPolicy
}

const DEFAULT_AGREEING = 3
const DEFAULT_POSTERIOR = 0.95
const DEFAULT_MINIMUM = 2
const DEFAULT_MAXIMUM = 5
const DEFAULT_RELEASE = 0.9
const DEFAULT_UNCLEAR = 2

function refuse(cause: string, nextStep: string): never {
  throw new GroundtraceError('invalid-argument', `Truth: ${cause}`, nextStep)
}

function whole(value: unknown, name: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number
  return refuse(`${name} is ${quote(value)}`, 'Give a whole number from 1')
}

function bound(value: unknown, name: string): number {
  if (typeof value === 'number' && value > 0.5 && value < 1) return value
  return refuse(`${name} is ${quote(value)}`, 'Give a probability above 0.5 and below 1')
}

function project(given: unknown, whose: string): string {
  if (typeof given === 'string' && isName(given)) return given
  return refuse(`the project of ${whose} is ${quote(given)}`, 'Name it as the plan does')
}

function checkedMembers(members: unknown, whose: string): CheckedMembers {
  if (members === undefined) return {}
  if (!Array.isArray(members) || members.length === 0 || !members.every((number) => Number.isSafeInteger(number)))
    return refuse(`${whose}.members is ${quote(members)}`, 'List the numbers that they have on the server')
  return { members: new Set(members as readonly number[]) }
}

/** Shares are declared in round numbers. */
const ROUNDING = 0.01

function checkedServes(serves: unknown, names: readonly string[]): Readonly<Record<string, number>> {
  if (serves === undefined) return {}
  const shares = isRecord(serves) ? Object.values(serves) : []
  const isShares = shares.every((share): share is number => typeof share === 'number' && share > 0 && share <= 1)
  const isComplete = isRecord(serves) && Object.keys(serves).toSorted().join('\0') === names.join('\0')
  const sum = isShares ? shares.reduce((total, share) => total + share, 0) : 0
  if (!isComplete || Math.abs(sum - 1) > ROUNDING)
    return refuse('groups.serves does not give each group its share', 'Give every group a share; together they are 1')
  return serves as Readonly<Record<string, number>>
}

function checkedGroups(
  groups: CrowdPolicy['groups'],
): Pick<CheckedCrowdPolicy, 'groups' | 'groupsNeeded' | 'groupOf' | 'serves'> {
  if (groups === undefined) return { groups: [], groupsNeeded: 0, groupOf: new Map(), serves: {} }
  const { members, atLeast = 1, serves }: Partial<NonNullable<typeof groups>> = groups ?? {}
  if (!isRecord(members) || Object.keys(members).length === 0)
    return refuse('groups has no members', 'Name each group with the numbers of its annotators')
  const names = Object.keys(members).toSorted()
  const groupOf = new Map<number, string>()
  for (const name of names) {
    const numbers: unknown = members[name]
    if (!isName(name) || !Array.isArray(numbers) || !numbers.every((number) => Number.isSafeInteger(number)))
      return refuse(`group ${quote(name)} is no list of annotators`, 'List their numbers on the server')
    for (const number of numbers as readonly number[]) {
      if (groupOf.has(number)) refuse(`annotator ${number} is in two groups`, 'Put each annotator into one group')
      groupOf.set(number, name)
    }
  }
  if (whole(atLeast, 'groups.atLeast') > names.length)
    refuse(`groups.atLeast is ${atLeast}, but there are ${names.length}`, 'Ask for no more groups than are declared')
  return { groups: names, groupsNeeded: atLeast, groupOf, serves: checkedServes(serves, names) }
}

function settlingRule(rule: unknown): SettlingRule {
  const known = SETTLING_RULES.find((one) => one === rule)
  return known ?? refuse(`rule is ${quote(rule)}`, `Use ${SETTLING_RULES.join(' or ')}`)
}

function checkedCrowd(given: CrowdPolicy, classes: readonly string[]): CheckedCrowdPolicy {
  const crowd: Partial<CrowdPolicy> = given ?? {}
  const posterior = bound(crowd.posterior ?? DEFAULT_POSTERIOR, 'posterior')
  const checked = {
    classes,
    project: project(crowd.project, 'the crowd'),
    rule: settlingRule(crowd.rule ?? 'agreement'),
    agreeing: whole(crowd.agreeing ?? DEFAULT_AGREEING, 'agreeing'),
    posterior,
    minimum: whole(crowd.minimum ?? DEFAULT_MINIMUM, 'minimum'),
    maximum: whole(crowd.maximum ?? DEFAULT_MAXIMUM, 'maximum'),
    release: bound(crowd.release ?? Math.min(DEFAULT_RELEASE, posterior), 'release'),
    unclear: whole(crowd.unclear ?? DEFAULT_UNCLEAR, 'unclear'),
    ...checkedGroups(crowd.groups),
    ...checkedMembers(crowd.members, 'crowd'),
  }
  const { agreeing, minimum, maximum, release, groupsNeeded, groupOf, members } = checked
  const stranger = [...groupOf.keys()].find((number) => members?.has(number) === false)
  if (stranger !== undefined)
    refuse(`annotator ${stranger} is in a group, but not in crowd.members`, 'Add them to members, or leave members out')
  if (release > posterior)
    refuse(`release ${release} is above posterior ${posterior}`, 'What settles a unit has to keep it settled')
  for (const [name, least] of Object.entries({ agreeing, minimum, 'groups.atLeast': groupsNeeded })) {
    if (least > maximum) refuse(`${name} ${least} is above maximum ${maximum}`, `Raise maximum to ${least} or more`)
  }
  return checked
}

/**
 * The policy, with its defaults.
 * @throws GroundtraceError `invalid-argument`: nothing that settles, a bound that can't be met, an annotator in two groups
 */
export function checkedTruthPolicy(policy: TruthPolicy): CheckedTruthPolicy {
  const { classes, crowd, expert }: Partial<TruthPolicy> = policy ?? {}
  if (!Array.isArray(classes) || !classes.every((label) => typeof label === 'string' && label !== ''))
    return refuse('it has no classes', 'List the labels that an answer may have')
  if (classes.length < 2 || new Set(classes).size !== classes.length)
    refuse(`its classes are ${quote(classes)}`, 'List two or more, each once')
  if (crowd === undefined && expert === undefined)
    refuse('neither a crowd nor an expert project settles anything', 'Name one of them, or both')
  const checked = {
    classes,
    ...(crowd !== undefined && { crowd: checkedCrowd(crowd, classes) }),
    ...(expert !== undefined && {
      expert: {
        project: project(expert?.project, 'the experts'),
        agreeing: whole(expert?.agreeing ?? 1, 'expert.agreeing'),
        ...checkedMembers(expert?.members, 'expert'),
      },
    }),
  }
  if (checked.crowd !== undefined && checked.crowd.project === checked.expert?.project)
    refuse('crowd and expert name one project', 'Give experts a project of their own: others must not answer there')
  return checked
}
