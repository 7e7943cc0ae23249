import type { LabelStudio } from '../client/label-studio.ts'
import type { GroundTruthServer } from '../truth/write-back.ts'

/**
 * Marks annotations as ground truth on a Label Studio server. It looks first: an annotation is marked only when it is still
 * as it was read, and only when its mark is another one.
 */
export function groundTruthMarks(client: Pick<LabelStudio, 'annotations' | 'updateAnnotation'>): GroundTruthServer {
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
  }
}
