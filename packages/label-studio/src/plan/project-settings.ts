import type { Project, ProjectSettings } from '../client/project.ts'
import { labelConfig } from './label-config.ts'
import type { PlannedProject } from './plan.ts'

/** What a plan decides of a project; all else is as it was made, or as somebody set it. */
export type PlannedSettings = Pick<
  ProjectSettings,
  'title' | 'description' | 'labelConfig' | 'annotationsPerTask' | 'overlapPercent' | 'skipQueue' | 'showSkipButton'
>

/** How the description of a project says which of a plan it is. */
const MARK = /^groundtrace project: (\S+)$/m

const WHOSE = { crowd: 'For the crowd', expert: 'For experts' } as const

/** Which project of a plan it says it is. */
export function markOf({ description }: Pick<Project, 'description'>): string | undefined {
  return MARK.exec(description.replaceAll('\r', ''))?.[1]
}

export function plannedSettings(project: PlannedProject): PlannedSettings {
  const { name, task, role, title, overlap } = project
  return {
    title,
    description: `${WHOSE[role]}. Made from a plan for the predictions of ${task}: what the plan says is set back to it.\ngroundtrace project: ${name}`,
    labelConfig: labelConfig(project),
    annotationsPerTask: overlap,
    overlapPercent: 100,
    skipQueue: 'REQUEUE_FOR_OTHERS',
    showSkipButton: true,
  }
}
