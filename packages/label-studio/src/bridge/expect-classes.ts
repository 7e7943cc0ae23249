import { enumerated, GroundtraceError, quote, type Task } from '@groundtrace/core'
import { ANSWER } from '../answers/control-names.ts'
import type { Project } from '../client/project.ts'
import { questionsOf } from '../plan/config-tags.ts'
import type { PlannedProject } from '../plan/plan.ts'

const namesOf = ({ classes }: PlannedProject): readonly string[] => classes.map(({ name }) => name)

/**
 * Answers of a class that the plan has no longer would stop counting, and their truth would be taken back: so a plan that
 * lets a class go is applied first, which is refused while there are such answers.
 * @throws GroundtraceError `invalid-argument`
 */
export function expectClassesOnPage(
  planned: PlannedProject,
  { id, labelConfig }: Pick<Project, 'id' | 'labelConfig'>,
): void {
  const classes = namesOf(planned)
  const asked = questionsOf(labelConfig).get(ANSWER) ?? []
  const lost = asked.filter((name) => !classes.includes(name))
  if (lost.length === 0) return
  throw new GroundtraceError(
    'invalid-argument',
    `Project ${id} asks for ${enumerated(lost)}, which ${planned.name} does not have in the plan`,
    'Use the plan that was applied, or apply this one: groundtrace label-studio apply',
  )
}

/**
 * The register takes no label that its task does not have: people would answer for nothing. A task that it does not know
 * yet, or knows without classes, says nothing.
 * @throws GroundtraceError `invalid-argument`
 */
export function expectClassesOfTask(planned: PlannedProject, known: readonly Task[]): void {
  const classes = known.find(({ name }) => name === planned.task)?.classes
  const strange = classes && namesOf(planned).filter((name) => !classes.includes(name))
  if (classes === undefined || strange === undefined || strange.length === 0) return
  throw new GroundtraceError(
    'invalid-argument',
    `The plan gives task ${quote(planned.task)} ${enumerated(strange)}, but in the register its classes are ${enumerated(classes)}`,
    'Name the classes as the service does: what people read of them is their text',
  )
}
