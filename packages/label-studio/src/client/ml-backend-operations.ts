import { checkedId, checkedObject } from './check-arguments.ts'
import type { Connection } from './connection.ts'
import type { LabelStudio } from './label-studio.ts'
import type { MlBackend } from './ml-backend.ts'
import { fieldTaker, listOf, optional, orElse, type Read, readBoolean, readText, readWhole } from './read.ts'

type MlBackendOperations = Pick<LabelStudio, 'mlBackends' | 'createMlBackend'>

const readMlBackend: Read<MlBackend> = (value, where) => {
  const take = fieldTaker(value, where)
  return {
    id: take(readWhole, 'id'),
    project: take(readWhole, 'project'),
    url: take(readText, 'url'),
    title: take(orElse(readText, ''), 'title'),
    isInteractive: take(readBoolean, 'is_interactive'),
    state: take(readText, 'state'),
    errorMessage: take(optional(readText), 'error_message'),
  }
}

export function mlBackendOperations({ api, required }: Connection): MlBackendOperations {
  return {
    async mlBackends(project) {
      const query = { project: checkedId(project, 'project') }
      const call = api.GET('/api/ml/', { params: { query } })
      const all = listOf(readMlBackend)(
        await required(`request for ML backends of project ${project}`, call),
        'backends',
      )
      return all.toSorted((a, b) => a.id - b.id)
    },
    async createMlBackend(project, settings) {
      const { url, title, isInteractive = false } = checkedObject(settings, 'ML backend')
      const body = { project: checkedId(project, 'project'), url, title, is_interactive: isInteractive }
      const call = api.POST('/api/ml/', { body })
      return readMlBackend(await required(`ML backend of project ${project}`, call), 'the ML backend')
    },
  }
}
