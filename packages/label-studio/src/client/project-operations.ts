import { checkedId } from './check-arguments.ts'
import type { Connection } from './connection.ts'
import { LabelStudioError } from './error.ts'
import type { LabelStudio } from './label-studio.ts'
import { SAMPLINGS, SKIP_QUEUES, type Project, type ProjectSettings } from './project.ts'
import {
  listOf,
  oneOf,
  orElse,
  readBoolean,
  readFields,
  readNumber,
  readText,
  readTime,
  readWhole,
  type Read,
} from './read.ts'

type ProjectOperations = Pick<LabelStudio, 'projects' | 'project' | 'createProject' | 'updateProject'>

/** What the server calls the settings, and how its values are read. */
const SETTINGS: { readonly [K in keyof ProjectSettings]: readonly [string, Read<ProjectSettings[K]>] } = {
  title: ['title', readText],
  description: ['description', orElse(readText, '')],
  labelConfig: ['label_config', readText],
  guidelines: ['expert_instruction', orElse(readText, '')],
  showGuidelines: ['show_instruction', readBoolean],
  annotationsPerTask: ['maximum_annotations', readWhole],
  overlapPercent: ['overlap_cohort_percentage', readNumber],
  sampling: ['sampling', oneOf(SAMPLINGS)],
  skipQueue: ['skip_queue', oneOf(SKIP_QUEUES)],
  showSkipButton: ['show_skip_button', readBoolean],
  allowEmptyAnnotations: ['enable_empty_annotation', readBoolean],
  showPredictions: ['show_collab_predictions', readBoolean],
  modelVersion: ['model_version', orElse(readText, '')],
}

const NAMES = Object.entries(SETTINGS) as readonly (readonly [
  keyof ProjectSettings,
  readonly [string, Read<unknown>],
])[]

const readProject: Read<Project> = (value, where) => {
  const fields = readFields(value, where)
  const settings = NAMES.map(([name, [field, read]]) => [name, read(fields[field], `${where}.${field}`)] as const)
  return {
    ...(Object.fromEntries(settings) as unknown as ProjectSettings),
    id: readWhole(fields['id'], `${where}.id`),
    createdAt: readTime(fields['created_at'], `${where}.created_at`),
    // Null in the answer that made it.
    taskCount: orElse(readWhole, 0)(fields['task_number'], `${where}.task_number`),
  }
}

/** In the server's names; what is not given is left out. */
function bodyOf(changes: Partial<ProjectSettings>): Record<string, unknown> {
  const given = NAMES.filter(([name]) => changes[name] !== undefined)
  return Object.fromEntries(given.map(([name, [field]]) => [field, changes[name]]))
}

const PROJECTS_OF_A_PAGE = 100

/** So often all pages are read again when projects were made or deleted in between. */
const MOST_PASSES = 5

export function projectOperations({ api, required, found }: Connection): ProjectOperations {
  /** All projects, and how many the server said there are on each page. */
  async function pass(title: string | undefined) {
    const byId = new Map<number, Project>()
    const counts = new Set<number>()
    for (let page = 1; ; page += 1) {
      const query = { page, page_size: PROJECTS_OF_A_PAGE, ordering: 'id', ...(title !== undefined && { title }) }
      const answer = await found('request for projects', api.GET('/api/projects/', { params: { query } }))
      // Past the end, because some were deleted.
      if (answer === undefined) return { byId, isWhole: false }
      const { results, count, next } = readFields(answer, 'the page of projects')
      counts.add(readWhole(count, 'count'))
      const projects = listOf(readProject)(results, 'results')
      for (const project of projects) byId.set(project.id, project)
      if (next === null || projects.length === 0) return { byId, isWhole: counts.size === 1 }
    }
  }

  return {
    async projects(filter) {
      for (let passes = 0; passes < MOST_PASSES; passes += 1) {
        const { byId, isWhole } = await pass(filter?.title)
        if (!isWhole) continue
        const projects = [...byId.values()].sort((a, b) => a.id - b.id)
        // The server finds titles that contain the text, in any case.
        return filter === undefined ? projects : projects.filter(({ title }) => title === filter.title)
      }
      throw new LabelStudioError(
        'unavailable',
        'Projects are made or deleted on Label Studio faster than they can be listed',
        'Try again later',
      )
    },
    async project(id) {
      const path = { id: checkedId(id, 'project') }
      const answer = await found(`request for project ${id}`, api.GET('/api/projects/{id}/', { params: { path } }))
      return answer === undefined ? undefined : readProject(answer, 'the project')
    },
    async createProject(settings) {
      const call = api.POST('/api/projects/', { body: bodyOf(settings) })
      return readProject(await required(`project ${JSON.stringify(settings.title)}`, call), 'the project')
    },
    async updateProject(id, changes) {
      const path = { id: checkedId(id, 'project') }
      const call = api.PATCH('/api/projects/{id}/', { params: { path }, body: bodyOf(changes) })
      return readProject(await required(`change of project ${id}`, call), 'the project')
    },
  }
}
