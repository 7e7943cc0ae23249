import { LabelStudioError } from './error.ts'
import { readAnnotations } from './read-annotation.ts'
import {
  fieldTaker,
  listOf,
  optional,
  type Read,
  readBoolean,
  readFields,
  readList,
  readNumber,
  readText,
  readTime,
  readWhole,
} from './read.ts'
import type { StoredDraft, StoredPrediction, StoredTask, StoredTaskDetail } from './task.ts'

const readDraft: Read<StoredDraft> = (value, where) => {
  const fields = readFields(value, where)
  return {
    id: readWhole(fields['id'], `${where}.id`),
    user: optional(readText)(fields['user'], `${where}.user`),
    annotation: optional(readWhole)(fields['annotation'], `${where}.annotation`),
    createdAt: readTime(fields['created_at'], `${where}.created_at`),
    updatedAt: readTime(fields['updated_at'], `${where}.updated_at`),
  }
}

const readPrediction: Read<StoredPrediction> = (value, where) => {
  const fields = readFields(value, where)
  return {
    id: readWhole(fields['id'], `${where}.id`),
    result: readList(fields['result'], `${where}.result`),
    score: optional(readNumber)(fields['score'], `${where}.score`),
    modelVersion: optional(readText)(fields['model_version'], `${where}.model_version`),
  }
}

const OF_TASKS = ['id', 'project', 'data', 'created_at', 'updated_at', 'is_labeled', 'annotations', 'drafts']
const OF_ANNOTATIONS = ['task', 'result', 'was_cancelled', 'ground_truth', 'lead_time', 'completed_by', 'updated_by']
const OF_PARENTS = ['parent_prediction', 'parent_annotation']
const OF_DRAFTS = ['user', 'annotation']

/**
 * The fields that a task is read from, for the server to leave the others out: they cost it time. One list of names holds
 * for tasks and for what is in them.
 */
export const TASK_FIELDS = [...OF_TASKS, ...OF_ANNOTATIONS, ...OF_PARENTS, ...OF_DRAFTS].join(',')

/** The same without what annotators write, as one of them can write what the server is not able to show. */
export const FIELDS_WITHOUT_ANSWERS = [...OF_TASKS.filter((name) => name !== 'annotations'), ...OF_DRAFTS].join(',')

const readTask: Read<StoredTask> = (value, where) => {
  const take = fieldTaker(value, where)
  return {
    id: take(readWhole, 'id'),
    project: take(readWhole, 'project'),
    data: take(readFields, 'data'),
    createdAt: take(readTime, 'created_at'),
    updatedAt: take(readTime, 'updated_at'),
    isLabeled: take(readBoolean, 'is_labeled'),
    annotations: take(readAnnotations, 'annotations'),
    drafts: take(listOf(readDraft), 'drafts'),
  }
}

/** A task of this project and no other: a server that does not know a condition leaves it out. */
export const readTaskOf =
  (project: number): Read<StoredTask> =>
  (value, where) => {
    const task = readTask(value, where)
    if (task.project === project) return task
    throw new LabelStudioError(
      'invalid-answer',
      `In the answer of Label Studio, ${where} is of project ${task.project} and not of ${project}`,
      'Check that the address leads to Label Studio 1.23',
    )
  }

/** A task of this project of which the annotations were not asked for. */
export const readUnreadTaskOf =
  (project: number): Read<StoredTask> =>
  (value, where) => ({ ...readTaskOf(project)({ ...readFields(value, where), annotations: [] }, where), unread: true })

export const readTaskDetail: Read<StoredTaskDetail> = (value, where) => ({
  ...readTask(value, where),
  predictions: listOf(readPrediction)(readFields(value, where)['predictions'], `${where}.predictions`),
})
