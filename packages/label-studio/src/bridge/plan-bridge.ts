import { GroundtraceError, type Prediction, type Register, type Secret } from '@groundtrace/core'
import { planAnswers } from '../answers/plan-answers.ts'
import type { LabelStudio } from '../client/label-studio.ts'
import type { Project } from '../client/project.ts'
import { findProject } from '../plan/find-project.ts'
import type { AnnotationPlan, PlannedProject, PlannedTask } from '../plan/plan.ts'
import { taskDataOf } from '../plan/task-data.ts'
import { isPrivate } from '../selection/candidate.ts'
import { createSelection } from '../selection/selection.ts'
import type { Slice } from '../selection/selection-plan.ts'
import { createTruth, type Truth } from '../truth/settle.ts'
import type { AnswerBook } from './answer-book.ts'
import { createBridge, type Bridge, type BridgeOptions, type BridgeProject } from './bridge.ts'
import { expectClassesOfTask, expectClassesOnPage } from './expect-classes.ts'
import { groundTruthMarks } from './ground-truth-marks.ts'
import { labelStudioServer } from './label-studio-server.ts'

export interface PlanBridgeOptions extends Pick<
  BridgeOptions,
  | 'outbox'
  | 'webhookSecret'
  | 'pollSeconds'
  | 'sweepSeconds'
  | 'overlapSeconds'
  | 'quietSeconds'
  | 'batch'
  | 'onTrouble'
> {
  readonly plan: AnnotationPlan
  readonly labelStudio: Pick<
    LabelStudio,
    | 'currentUser'
    | 'projects'
    | 'importTasks'
    | 'tasksByData'
    | 'tasks'
    | 'lastTouched'
    | 'annotations'
    | 'updateAnnotation'
    | 'task'
    | 'withdrawTask'
    | 'serveTask'
  >
  readonly register: Pick<
    Register,
    'prediction' | 'feedback' | 'appendFeedback' | 'read' | 'advance' | 'outcomesOf' | 'tasks'
  >
  /** Decides who is drawn: 16 bytes or more, the same for ever. */
  readonly secret: Secret
  /** Slices of a task where the world has moved, as they are now. Default none. */
  readonly drifted?: (task: string) => readonly Slice[] | Promise<readonly Slice[]>
}

function numberOf(projects: readonly Project[], planned: PlannedProject): BridgeProject {
  const found = findProject(projects, planned)
  if ('project' in found) {
    expectClassesOnPage(planned, found.project)
    return { name: planned.name, server: found.project.id }
  }
  if ('missing' in found) {
    throw new GroundtraceError(
      'invalid-argument',
      `The server has no project ${planned.name}`,
      'Apply the plan: groundtrace label-studio apply',
    )
  }
  throw new GroundtraceError('invalid-argument', found.detail, found.nextStep)
}

/** What annotators of a project see of a prediction. What is private nobody but experts does, whoever planned the unit. */
function taskDataBy(tasks: readonly PlannedTask[]) {
  const projects = new Map(
    tasks.flatMap(({ projects: planned, selection }) =>
      planned.map((project) => [project.name, { project, hidden: selection?.private }] as const),
    ),
  )
  return (prediction: Prediction, name: string): Readonly<Record<string, unknown>> | undefined => {
    const { project, hidden } = projects.get(name) ?? {}
    if (project === undefined || (project.role !== 'expert' && isPrivate(prediction, hidden))) return undefined
    return taskDataOf(project, prediction)
  }
}

/** Settles every task's truth; what fails of one does not keep the others. */
async function settleAll(truths: readonly Truth[], book: AnswerBook): Promise<void> {
  const failures: unknown[] = []
  for (const truth of truths) {
    try {
      await truth.settle(book)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}

/**
 * Makes the bridge that a plan describes: picks, sends, reads and settles for all of its tasks.
 * Rejects with GroundtraceError `invalid-argument` when a project of the plan is not on the server, can't be told from
 * another, or asks for a class that the plan does not have; when the plan has a class that the register's task has not; or
 * as the client does
 */
export async function bridgePlan(options: PlanBridgeOptions): Promise<Bridge> {
  const { plan, labelStudio, outbox, register, secret, drifted, ...rest } = options
  const planned = plan.tasks.flatMap((task) => task.projects)
  const known = await register.tasks()
  for (const one of planned) expectClassesOfTask(one, known)
  const self = await labelStudio.currentUser()
  const there = await labelStudio.projects()
  const projects = planned.map((one) => numberOf(there, one))
  const selections = plan.tasks.flatMap(({ name, selection }) =>
    selection === undefined
      ? []
      : [
          createSelection({
            register,
            outbox,
            plan: selection,
            secret,
            ...(drifted && { drifted: () => drifted(name) }),
          }),
        ],
  )
  const readAnswer = planAnswers(plan.tasks)
  const server = groundTruthMarks(labelStudio)
  const truths = plan.tasks.map(({ truth: policy }) => createTruth({ outbox, policy, readAnswer, server }))
  return createBridge({
    ...rest,
    outbox,
    register,
    server: labelStudioServer(labelStudio, self),
    projects,
    selections,
    taskData: taskDataBy(plan.tasks),
    settle: (book) => settleAll(truths, book),
  })
}
