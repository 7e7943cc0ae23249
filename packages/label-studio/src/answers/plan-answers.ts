import type { PlannedTask } from '../plan/plan.ts'
import type { AnswerReader } from '../truth/votes.ts'
import { answerReader } from './answer-reader.ts'

/** Reads answers by what each project of a plan asks; of other projects nothing. */
export function planAnswers(tasks: readonly PlannedTask[]): AnswerReader {
  const readers = new Map(
    tasks
      .flatMap(({ projects }) => projects)
      .map(({ name, classes, shares }) => [name, answerReader({ classes: classes.map((one) => one.name), shares })]),
  )
  return (content, project) => {
    const answer = readers.get(project)?.(content)
    if (answer === undefined) return { unclear: false }
    const { label, shares, unclear, guidelineVersion, faults } = answer
    return {
      ...(label !== undefined && { label }),
      ...(shares !== undefined && { shares }),
      unclear,
      faults,
      ...(guidelineVersion !== undefined && { guidelineVersion }),
    }
  }
}
