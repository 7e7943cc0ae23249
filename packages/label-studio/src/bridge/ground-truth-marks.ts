import { KEY_FIELD } from './label-studio-server.ts'
import type { LabelStudio } from '../client/label-studio.ts'
import type { GroundTruthServer } from '../truth/write-back.ts'

/**
 * Marks annotations as ground truth on a Label Studio server, and says which tasks it serves. It looks first: an annotation
 * or a task is touched only when it is still as it was read, and only when something would change.
 */
export function groundTruthMarks(
  client: Pick<LabelStudio, 'annotations' | 'updateAnnotation' | 'task' | 'withdrawTask' | 'serveTask'>,
): GroundTruthServer {
  return {
    async mark({ task, annotation, created, updated, result }, isGroundTruth) {
      const annotations = (await client.annotations(task)) ?? []
      const found = annotations.find(({ id, createdAt }) => id === annotation && createdAt === created)
      if (found === undefined || found.groundTruth === isGroundTruth) return true
      // Not all that the server lets people do to an annotation touches it.
      if (found.updatedAt !== updated || JSON.stringify(found.result) !== JSON.stringify(result)) return false
      await client.updateAnnotation(annotation, { groundTruth: isGroundTruth })
      return true
    },
    async serve({ task, key }, isServed) {
      const found = await client.task(task)
      if (found?.data[KEY_FIELD] !== key || found.isLabeled === !isServed) return
      await (isServed ? client.serveTask(task) : client.withdrawTask(task))
    },
  }
}
