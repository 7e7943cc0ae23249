import type { LabelStudio } from '../client/label-studio.ts'
import type { GroundTruthServer } from '../truth/write-back.ts'

/**
 * Marks annotations as ground truth on a Label Studio server. It looks first: an annotation is marked only when it is still
 * the one that was read, and only when its mark is another one.
 */
export function groundTruthMarks(client: Pick<LabelStudio, 'annotations' | 'updateAnnotation'>): GroundTruthServer {
  return {
    async mark({ task, annotation, created }, isGroundTruth) {
      const annotations = (await client.annotations(task)) ?? []
      const found = annotations.find(({ id, createdAt }) => id === annotation && createdAt === created)
      if (found === undefined || found.groundTruth === isGroundTruth) return
      await client.updateAnnotation(annotation, { groundTruth: isGroundTruth })
    },
  }
}
