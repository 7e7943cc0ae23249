import type { LabelStudio } from '../client/label-studio.ts'
import type { GroundTruthServer } from './write-back.ts'

/**
 * Label Studio as the place where truth is written back to: the flag `ground_truth` of annotations. It looks before it
 * writes, because the server gives numbers of annotations again, and because every write touches the task.
 */
export function groundTruthServer(client: Pick<LabelStudio, 'annotations' | 'updateAnnotation'>): GroundTruthServer {
  return {
    async mark({ task, annotation, created }, groundTruth) {
      const annotations = (await client.annotations(task)) ?? []
      const found = annotations.find(({ id, createdAt }) => id === annotation && createdAt === created)
      if (found === undefined || found.groundTruth === groundTruth) return
      await client.updateAnnotation(annotation, { groundTruth })
    },
  }
}
