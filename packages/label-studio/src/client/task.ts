import type { StoredAnnotation } from './annotation.ts'

/** What a model says of a task. */
export interface NewPrediction {
  /** Regions as the label config asks for, which the server checks loosely. */
  readonly result: readonly unknown[]
  /** How sure the model is, from 0 to 1. */
  readonly score?: number
  readonly modelVersion?: string
}

/** A task to be made. */
export interface NewTask {
  /** What annotators see, by the names that the label config asks for; and keys of our own. */
  readonly data: Readonly<Record<string, unknown>>
  /** What nobody sees and nothing can be found by. */
  readonly meta?: Readonly<Record<string, unknown>>
  /** What a model says of it already. */
  readonly predictions?: readonly NewPrediction[]
}

/** An answer that was begun and not handed in. */
export interface StoredDraft {
  readonly id: number
  /** Who began it: their e-mail address, as the server has it here and nowhere else. */
  readonly user: string | undefined
  /** The annotation that it changes; undefined for a new one. */
  readonly annotation: number | undefined
  readonly createdAt: string
  readonly updatedAt: string
}

/** What a model said of a task, as the server has it. */
export interface StoredPrediction {
  readonly id: number
  readonly result: readonly unknown[]
  readonly score: number | undefined
  readonly modelVersion: string | undefined
}

/** A task as the server has it. */
export interface StoredTask {
  readonly id: number
  readonly project: number
  /** From anybody who may edit tasks: nothing but a record until it is parsed. */
  readonly data: Readonly<Record<string, unknown>>
  readonly createdAt: string
  readonly updatedAt: string
  /** The server serves it no longer. Unstable where skips count: decide by the annotations. */
  readonly isLabeled: boolean
  /** Skips are among them. */
  readonly annotations: readonly StoredAnnotation[]
  readonly drafts: readonly StoredDraft[]
  /**
   * The server has annotations of it that it can't show: one is too long, or holds what it can't write as JSON, which it takes
   * from everybody. `annotations` says nothing then.
   */
  readonly unread?: true
}

/** One task, with what models said of it: lists leave that out, because it costs the server time. */
export interface StoredTaskDetail extends StoredTask {
  readonly predictions: readonly StoredPrediction[]
}

/** A task and its annotations, by their IDs. */
export interface TaskIds {
  readonly id: number
  readonly updatedAt: string
  readonly annotations: readonly number[]
}
