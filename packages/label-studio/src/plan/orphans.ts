import { ANSWER, shareControl } from '../answers/control-names.ts'
import { controlsOf } from '../answers/controls-of.ts'
import { choiceOf } from '../answers/entered.ts'
import type { LabelStudio } from '../client/label-studio.ts'
import type { Project } from '../client/project.ts'
import { questionsOf } from './config-tags.ts'
import type { PlannedProject } from './plan.ts'

/** What answers would hang in the air. */
export interface Orphans {
  readonly detail: string
  readonly nextStep: string
}

const isShare = (question: string): boolean => question.startsWith(shareControl(''))

/**
 * Looks for answers that a new label config would leave without their question or their class. The server refuses the
 * first and takes the second without a word. All answers are read, but only when the new config takes something away.
 */
export async function orphansOf(
  labelStudio: Pick<LabelStudio, 'tasks'>,
  current: Project,
  planned: PlannedProject,
  config: string,
): Promise<Orphans | undefined> {
  const [before, after] = [questionsOf(current.labelConfig), questionsOf(config)]
  const classes = new Set(planned.classes.map(({ name }) => name))
  const lostClasses = new Set((before.get(ANSWER) ?? []).filter((name) => !classes.has(name)))
  const lostShares = new Set([...before.keys()].filter((question) => isShare(question) && !after.has(question)))
  if (lostClasses.size === 0 && lostShares.size === 0) return undefined
  const asked = new Set([ANSWER, ...lostShares])
  const counts = { answers: 0, shares: 0 }
  for await (const page of labelStudio.tasks(current.id)) {
    for (const { result } of page.flatMap(({ annotations }) => annotations)) {
      const controls = controlsOf(result, asked, new Set())
      if (lostClasses.has(choiceOf(controls.get(ANSWER), new Set()) ?? '')) counts.answers += 1
      if ([...lostShares].some((question) => controls.has(question))) counts.shares += 1
    }
  }
  if (counts.answers > 0)
    return {
      detail: `${counts.answers} answers in project ${current.id} are of classes that ${planned.name} has no longer`,
      nextStep: 'Keep these classes, or begin a project of another task name: answers are never orphaned',
    }
  if (counts.shares === 0) return undefined
  return {
    detail: `${counts.shares} answers in project ${current.id} say shares that ${planned.name} does not ask for any more`,
    nextStep: 'Keep shares: true and the classes, or begin a project of another task name: answers are never orphaned',
  }
}
