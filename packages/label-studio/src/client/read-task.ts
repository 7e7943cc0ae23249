import { readAnnotations } from './read-annotation.ts'
import {
  listOf,
  optional,
  readBoolean,
  readFields,
  readList,
  readNumber,
  readText,
  readTime,
  readWhole,
  type Read,
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

/** The fields that {@link readTask} reads, for the server to leave the others out: they cost it time. */
export const TASK_FIELDS = 'id,project,data,created_at,updated_at,is_labeled,annotations,drafts'

export const readTask: Read<StoredTask> = (value, where) => {
  const fields = readFields(value, where)
  const take = <T>(read: Read<T>, name: string): T => read(fields[name], `${where}.${name}`)
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

export const readTaskDetail: Read<StoredTaskDetail> = (value, where) => ({
  ...readTask(value, where),
  predictions: listOf(readPrediction)(readFields(value, where)['predictions'], `${where}.predictions`),
})
