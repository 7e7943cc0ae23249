import type { StoredAnnotation } from './annotation.ts'
import {
  fieldTaker,
  listOf,
  optional,
  type Read,
  readBoolean,
  readFields,
  readList,
  readNumber,
  readTime,
  readWhole,
} from './read.ts'

/** A number, or in a single task an object with it. */
const readUserId: Read<number> = (value, where) =>
  typeof value === 'object' ? readWhole(readFields(value, where)['id'], `${where}.id`) : readWhole(value, where)

export const readAnnotation: Read<StoredAnnotation> = (value, where) => {
  const take = fieldTaker(value, where)
  return {
    id: take(readWhole, 'id'),
    task: take(readWhole, 'task'),
    result: take(readList, 'result'),
    wasCancelled: take(readBoolean, 'was_cancelled'),
    groundTruth: take(readBoolean, 'ground_truth'),
    leadTimeSeconds: take(optional(readNumber), 'lead_time'),
    completedBy: take(optional(readUserId), 'completed_by'),
    updatedBy: take(optional(readUserId), 'updated_by'),
    createdAt: take(readTime, 'created_at'),
    updatedAt: take(readTime, 'updated_at'),
    parentPrediction: take(optional(readWhole), 'parent_prediction'),
    parentAnnotation: take(optional(readWhole), 'parent_annotation'),
  }
}

export const readAnnotations = listOf(readAnnotation)
