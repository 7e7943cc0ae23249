import type { LabelStudio } from '../client/label-studio.ts'
import type { Project } from '../client/project.ts'
import type { Change } from './change.ts'
import { findProject } from './find-project.ts'
import { orphansOf } from './orphans.ts'
import type { PlannedProject } from './plan.ts'
import { plannedSettings, type PlannedSettings } from './project-settings.ts'
import { webhookChanges, type WebhookTarget } from './webhook-changes.ts'

/** How a planned project stands to the server. */
export interface Comparison {
  readonly planned: PlannedProject
  /** The one on the server, if there is one. */
  readonly current: Project | undefined
  readonly changes: readonly Change[]
}

function settingChanges(current: Project, planned: PlannedProject): readonly Change[] {
  const settings = plannedSettings(planned)
  return (Object.keys(settings) as (keyof PlannedSettings)[])
    .filter((field) => current[field] !== settings[field])
    .map((field) => ({
      kind: 'update',
      what: 'project',
      project: planned.name,
      field,
      from: current[field],
      to: settings[field],
    }))
}

/** Reads what there is and compares it with the plan. Nothing is changed. */
export async function compareProject(
  labelStudio: Pick<LabelStudio, 'tasks' | 'webhooks'>,
  projects: readonly Project[],
  planned: PlannedProject,
  webhook: WebhookTarget | undefined,
): Promise<Comparison> {
  const { name } = planned
  const refused = (
    current: Project | undefined,
    why: { readonly detail: string; readonly nextStep: string },
  ): Comparison => ({
    planned,
    current,
    changes: [{ kind: 'refused', what: 'project', project: name, ...why }],
  })
  const found = findProject(projects, planned)
  if ('detail' in found) return refused(undefined, found)
  if ('missing' in found) {
    const { ...to } = plannedSettings(planned)
    const hook = webhook === undefined ? [] : webhookChanges([], name, webhook)
    return { planned, current: undefined, changes: [{ kind: 'create', what: 'project', project: name, to }, ...hook] }
  }
  const current = found.project
  const orphans = await orphansOf(labelStudio, current, planned, plannedSettings(planned).labelConfig)
  if (orphans !== undefined) return refused(current, orphans)
  const hooks = webhook === undefined ? [] : webhookChanges(await labelStudio.webhooks(current.id), name, webhook)
  return { planned, current, changes: [...settingChanges(current, planned), ...hooks] }
}
