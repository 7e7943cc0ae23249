import type { AnnotationContent } from './annotation.ts'
import { checkedId } from './check-arguments.ts'
import type { Connection } from './connection.ts'
import type { LabelStudio } from './label-studio.ts'
import { readAnnotation, readAnnotations } from './read-annotation.ts'

type AnnotationOperations = Pick<LabelStudio, 'annotations' | 'createAnnotation' | 'updateAnnotation'>

/** In the server's names. What a region holds is checked by nobody. */
function bodyOf({ result, wasCancelled, groundTruth, leadTimeSeconds }: Partial<AnnotationContent>) {
  return {
    ...(result !== undefined && { result: result as readonly Record<string, unknown>[] }),
    ...(wasCancelled !== undefined && { was_cancelled: wasCancelled }),
    ...(groundTruth !== undefined && { ground_truth: groundTruth }),
    ...(leadTimeSeconds !== undefined && { lead_time: leadTimeSeconds }),
  }
}

export function annotationOperations({ api, required, found }: Connection): AnnotationOperations {
  return {
    async annotations(task) {
      const path = { id: checkedId(task, 'task') }
      const call = api.GET('/api/tasks/{id}/annotations/', { params: { path } })
      const answer = await found(`request for annotations of task ${task}`, call)
      return answer === undefined ? undefined : readAnnotations(answer, 'annotations')
    },
    async createAnnotation(task, content) {
      const path = { id: checkedId(task, 'task') }
      const call = api.POST('/api/tasks/{id}/annotations/', { params: { path }, body: bodyOf(content) })
      return readAnnotation(await required(`annotation of task ${task}`, call), 'the annotation')
    },
    async updateAnnotation(id, changes) {
      const path = { id: checkedId(id, 'annotation') }
      const call = api.PATCH('/api/annotations/{id}/', { params: { path }, body: bodyOf(changes) })
      return readAnnotation(await required(`change of annotation ${id}`, call), 'the annotation')
    },
  }
}
