import { isName, quote } from '@groundtrace/core'
import { checkedTruthPolicy, type TruthPolicy } from '../truth/truth-policy.ts'
import type { Guidelines } from './guidelines.ts'
import { isLine } from './page-text.ts'
import { PROJECT_ROLES, type PlannedProject, type PlannedTask, type ProjectRole } from './plan.ts'
import type { PlanSection } from './plan-section.ts'
import { readClasses } from './read-classes.ts'
import { readGuidelines, type ReadFile } from './read-guidelines.ts'
import { readLive, readSelection, readTruth, type PolicyContext } from './read-policies.ts'
import { readShown } from './read-shown.ts'

const FIELDS = ['kind', 'classes', 'question', 'show', 'guidelines', 'crowd', 'expert', 'selection', 'truth', 'live']
const PROJECT_FIELDS = ['title', 'shares', 'overlap', 'guidelines']
const MOST_QUESTION = 500
/** Bounds of the server. */
const TITLE = { least: 3, most: 50 }

const projectName = (task: string, role: ProjectRole): string => `${task}-${role}`

function kindOf(section: PlanSection): PlannedTask['kind'] | undefined {
  const kind = section.text('kind')
  if (kind === 'binary' || kind === 'multiclass') return kind
  if (kind === undefined && section.has('kind')) return undefined
  return section.wrong('kind', `${section.path}.kind is ${quote(kind)}`, 'Use binary or multiclass')
}

function questionOf(section: PlanSection): string | undefined {
  const question = section.text('question')
  if (question === undefined)
    return section.has('question')
      ? undefined
      : section.wrong(undefined, `${section.path} asks no question`, 'Give under question what annotators are asked')
  return isLine(question, MOST_QUESTION)
    ? question
    : section.wrong(
        'question',
        `${section.path}.question can't be shown`,
        `Give 1 to ${MOST_QUESTION} characters on one line`,
      )
}

/** Annotations until the truth of a unit can be told by its policy. */
function annotationsNeeded(truth: TruthPolicy | undefined, role: ProjectRole): number {
  if (truth === undefined) return 1
  const { crowd, expert } = checkedTruthPolicy(truth)
  return (role === 'crowd' ? crowd?.maximum : expert?.agreeing) ?? 1
}

type Shared = Pick<PlannedProject, 'task' | 'question' | 'classes' | 'shown'>

interface ProjectContext {
  readonly shared: Shared | undefined
  readonly guidelines: Guidelines | undefined
  /** The task has guidelines, if wrong ones: that is told there. */
  readonly isGuided: boolean
  readonly truth: TruthPolicy | undefined
  readonly readFile: ReadFile | undefined
}

function titleOf(section: PlanSection, fallback: string): string | undefined {
  const title = section.text('title') ?? fallback
  if (isLine(title, TITLE.most) && title.trim().length >= TITLE.least) return title
  return section.wrong(
    'title',
    `Title ${quote(title)} is none that Label Studio takes`,
    `Give ${TITLE.least} to ${TITLE.most} characters on one line`,
  )
}

function readProject(
  section: PlanSection,
  role: ProjectRole,
  task: string,
  context: ProjectContext,
): PlannedProject | undefined {
  section.only(PROJECT_FIELDS)
  const title = titleOf(section, projectName(task, role))
  const shares = section.truth('shares') ?? false
  const needed = annotationsNeeded(context.truth, role)
  const overlap = section.wholeNumber('overlap') ?? needed
  if (overlap < needed)
    section.wrong(
      'overlap',
      `Label Studio would hand a task out ${overlap} times, but its truth may need ${needed} answers`,
      `Raise overlap to ${needed}, or lower ${role === 'crowd' ? 'truth.crowd.maximum' : 'truth.expert.agreeing'}`,
    )
  const guidelines = readGuidelines(section, context.readFile) ?? context.guidelines
  if (guidelines === undefined && !section.has('guidelines') && !context.isGuided)
    section.wrong(undefined, `${section.path} has no guidelines`, 'Give guidelines to the task, or to the project')
  if (title === undefined || guidelines === undefined || context.shared === undefined) return undefined
  return { name: projectName(task, role), role, ...context.shared, title, guidelines, shares, overlap }
}

/** A task of the plan. Undefined after a mistake that leaves nothing of it; other mistakes are noted as well. */
export function readTask(section: PlanSection, name: string, readFile: ReadFile | undefined): PlannedTask | undefined {
  section.only(FIELDS)
  const kind = kindOf(section)
  const classes = kind === undefined ? undefined : readClasses(section, name, kind)
  const [question, shown, guidelines] = [questionOf(section), readShown(section), readGuidelines(section, readFile)]
  const isGuided = section.has('guidelines')
  const roles = PROJECT_ROLES.filter((role) => section.has(role))
  if (roles.length === 0) section.wrong(undefined, `${section.path} has no project`, 'Add crowd, expert, or both')
  const tooLong = roles.find((role) => !isName(projectName(name, role)))
  if (tooLong !== undefined)
    return section.wrong(
      undefined,
      `No project can be called ${quote(projectName(name, tooLong))}`,
      'Use a task of at most 57 letters, digits, dots, hyphens or underscores',
    )
  const policy: PolicyContext | undefined = classes && {
    task: name,
    classes: classes.map((one) => one.name),
    projects: Object.fromEntries(roles.map((role) => [role, projectName(name, role)])),
  }
  const truth = policy && roles.length > 0 ? readTruth(section, policy) : undefined
  const selection = policy && readSelection(section, policy)
  const live = policy && readLive(section, policy)
  const shared = classes && question && shown ? { task: name, question, classes, shown } : undefined
  const projects = roles.flatMap((role) => {
    const part = section.section(role)
    const project = part && readProject(part, role, name, { shared, guidelines, isGuided, truth, readFile })
    return project === undefined ? [] : [project]
  })
  if (kind === undefined || truth === undefined) return undefined
  return { name, kind, projects, truth, ...(selection && { selection }), ...(live && { live }) }
}
