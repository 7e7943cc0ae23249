import { GroundtraceError } from '@groundtrace/core'
import type { LabelStudio } from '../client/label-studio.ts'
import type { Project, ProjectSettings } from '../client/project.ts'
import type { WebhookSettings } from '../client/webhook.ts'
import type { Change } from './change.ts'
import { compareProject, type Comparison } from './compare-project.ts'
import type { AnnotationPlan, PlannedProject } from './plan.ts'
import { markOf, plannedSettings } from './project-settings.ts'
import { webhookDifferences, webhookSettings, type WebhookTarget } from './webhook-changes.ts'

/** What is asked of the server. */
export type PlanServer = Pick<
  LabelStudio,
  'projects' | 'createProject' | 'updateProject' | 'tasks' | 'webhooks' | 'createWebhook' | 'updateWebhook'
>

export interface ApplyOptions {
  /** What webhooks say so that they are listened to. Needed when the plan has a webhook. */
  readonly webhookSecret?: string
}

/** A project of the plan and where it is. */
export interface AppliedProject {
  readonly name: string
  /** Its number on the server. */
  readonly server: number
  readonly guidelineVersion: string
}

export interface Applied {
  /** What was otherwise than planned. All of it was done, but for what is `foreign` or `refused`. */
  readonly changes: readonly Change[]
  /** Those that there are, in the order of the plan. */
  readonly projects: readonly AppliedProject[]
}

/** What can be sent as a header, and not be guessed. */
const SECRET = /^[\x21-\x7E]{16,}$/

function targetOf({ webhook }: AnnotationPlan, { webhookSecret }: ApplyOptions): WebhookTarget | undefined {
  if (webhook === undefined) return undefined
  if (webhookSecret !== undefined && SECRET.test(webhookSecret)) return { url: webhook.url, secret: webhookSecret }
  throw new GroundtraceError(
    'invalid-argument',
    `The plan has a webhook, but ${webhookSecret === undefined ? 'there is no secret for it' : 'its secret is too short, or can not be sent'}`,
    `Set ${webhook.secretVariable} to 16 letters, digits and signs or more, made at random`,
  )
}

async function compareAll(
  labelStudio: PlanServer,
  plan: AnnotationPlan,
  target: WebhookTarget | undefined,
): Promise<readonly Comparison[]> {
  const projects = await labelStudio.projects()
  const comparisons: Comparison[] = []
  for (const planned of plan.tasks.flatMap((task) => task.projects)) {
    comparisons.push(await compareProject(labelStudio, projects, planned, target))
  }
  return comparisons
}

/** Reads what there is and says what applying the plan would change. Changes nothing. Rejects as {@link applyPlan} does. */
export async function planChanges(
  labelStudio: PlanServer,
  plan: AnnotationPlan,
  options: ApplyOptions = {},
): Promise<readonly Change[]> {
  const comparisons = await compareAll(labelStudio, plan, targetOf(plan, options))
  return comparisons.flatMap(({ changes }) => changes)
}

/**
 * Makes a project of which there was none, and looks what there is then: somebody else may have made it at the same moment,
 * and the server itself makes a second one when its SQLite was locked in the middle of the first. The one with the lowest
 * number stays. The others, in which there is nothing yet, say that they are not the one any more. Nothing is deleted.
 */
async function createOnce(labelStudio: PlanServer, planned: PlannedProject): Promise<Project> {
  const made = await labelStudio.createProject(plannedSettings(planned))
  const all = await labelStudio.projects()
  const [first = made, ...others] = all
    .filter((project) => markOf(project) === planned.name)
    .toSorted((one, other) => one.id - other.id)
  for (const { id } of others.filter(({ taskCount }) => taskCount === 0)) {
    await labelStudio.updateProject(id, {
      title: `Unused, see project ${first.id}`,
      description: `Made at the same moment as project ${first.id}, which is the one in use. It can be deleted.`,
    })
  }
  return first
}

async function applySettings(labelStudio: PlanServer, current: Project, changes: readonly Change[]): Promise<void> {
  const settings = Object.fromEntries(
    changes.flatMap((change) =>
      change.kind === 'update' && change.what === 'project' ? [[change.field, change.to] as const] : [],
    ),
  ) as Partial<ProjectSettings>
  if (Object.keys(settings).length > 0) await labelStudio.updateProject(current.id, settings)
}

async function applyWebhook(labelStudio: PlanServer, project: number, target: WebhookTarget): Promise<void> {
  const settings = webhookSettings(target)
  const ours = (await labelStudio.webhooks(project)).find(({ url }) => url === target.url)
  if (ours === undefined) {
    await labelStudio.createWebhook(project, settings)
    return
  }
  const fields = webhookDifferences(ours, target).map(({ field }) => [field, settings[field]] as const)
  if (fields.length === 0) return
  await labelStudio.updateWebhook(ours.id, Object.fromEntries(fields) as Partial<WebhookSettings>)
}

async function applyOne(
  labelStudio: PlanServer,
  { planned, current, changes }: Comparison,
  target: WebhookTarget | undefined,
): Promise<Project | undefined> {
  if (changes.some(({ kind }) => kind === 'refused')) return current
  const project = current ?? (await createOnce(labelStudio, planned))
  await applySettings(labelStudio, project, changes)
  if (target !== undefined) await applyWebhook(labelStudio, project.id, target)
  return project
}

/**
 * Makes the projects of a plan and heals those that there are: what the plan says is set, all else is left alone, and
 * nothing is ever deleted. Applying it again changes nothing. What can't be changed without harm to answers is refused, for
 * each project by itself.
 *
 * When two do it at the same moment, one project of a name stays in use, and others say that they are unused. The server
 * has no lock and no unique names, so that can't be promised: on PostgreSQL, where projects can become visible out of order,
 * a moment remains in which two stay. The next time is refused then, and says which two.
 *
 * @throws GroundtraceError `invalid-argument` for a webhook without a secret; and rejects with the client's LabelStudioError.
 * What was done until then stays, and the next time goes on from there
 */
export async function applyPlan(
  labelStudio: PlanServer,
  plan: AnnotationPlan,
  options: ApplyOptions = {},
): Promise<Applied> {
  const target = targetOf(plan, options)
  const comparisons = await compareAll(labelStudio, plan, target)
  const projects: AppliedProject[] = []
  for (const comparison of comparisons) {
    const { name, guidelines } = comparison.planned
    const project = await applyOne(labelStudio, comparison, target)
    if (project !== undefined) projects.push({ name, server: project.id, guidelineVersion: guidelines.version })
  }
  return { changes: comparisons.flatMap(({ changes }) => changes), projects }
}
