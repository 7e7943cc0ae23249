import type { Project } from '../client/project.ts'
import type { PlannedProject } from './plan.ts'
import { markOf } from './project-settings.ts'

/** Where a planned project stands among those of the server. */
export type Found =
  | { readonly project: Project }
  | { readonly missing: true }
  /** It can't be told, or somebody else's is in its place. */
  | { readonly detail: string; readonly nextStep: string }

const ids = (projects: readonly Project[]): string => projects.map(({ id }) => id).join(' and ')

/**
 * Finds the project that says in its description that it is the planned one. Titles are not unique on the server, and
 * people change them; a project of the same title that says nothing is somebody's, or had its description edited.
 */
export function findProject(projects: readonly Project[], { name, title }: PlannedProject): Found {
  const marked = projects.filter((project) => markOf(project) === name)
  const [project, ...others] = marked
  if (project !== undefined && others.length === 0) return { project }
  if (project !== undefined)
    return {
      detail: `Projects ${ids(marked)} both say in their description that they are ${name}`,
      nextStep: `Keep the line “groundtrace project: ${name}” in the description of one of them`,
    }
  const titled = projects.filter((one) => one.title === title && markOf(one) === undefined)
  if (titled.length === 0) return { missing: true }
  return {
    detail: `Project ${ids(titled)} has the title of ${name}, but does not say in its description that it is that one`,
    nextStep: `If it is, add the line “groundtrace project: ${name}” to its description; if not, give ${name} another title`,
  }
}
