/** In which order the server hands tasks out. */
export const SAMPLINGS = ['Sequential sampling', 'Uniform sampling', 'Uncertainty sampling'] as const
export type Sampling = (typeof SAMPLINGS)[number]

/** Who gets a task that somebody skipped: the same person, others, or nobody. */
export const SKIP_QUEUES = ['REQUEUE_FOR_ME', 'REQUEUE_FOR_OTHERS', 'IGNORE_SKIPPED'] as const
export type SkipQueue = (typeof SKIP_QUEUES)[number]

/** What can be set of a project. */
export interface ProjectSettings {
  /** 3 to 50 characters. Not unique on the server. */
  readonly title: string
  readonly description: string
  /** XML. Refused by the server when it does not fit the annotations that there are. */
  readonly labelConfig: string
  /** HTML that is shown as instructions (`expert_instruction`). */
  readonly guidelines: string
  /** The guidelines are shown before somebody begins (`show_instruction`). */
  readonly showGuidelines: boolean
  /** At how many annotations the server hands a task out no more (`maximum_annotations`). It stops nobody from adding one. */
  readonly annotationsPerTask: number
  /** Of how many tasks in a hundred that holds; of the others it is one (`overlap_cohort_percentage`). */
  readonly overlapPercent: number
  readonly sampling: Sampling
  readonly skipQueue: SkipQueue
  readonly showSkipButton: boolean
  /** An answer may be handed in without any region (`enable_empty_annotation`). */
  readonly allowEmptyAnnotations: boolean
  /** Annotators begin with the prediction (`show_collab_predictions`): what they see changes what they say. */
  readonly showPredictions: boolean
  /** Which predictions are shown: a model version or the title of an ML backend. Empty: the server chooses. */
  readonly modelVersion: string
}

/** A project as the server has it; when it was changed last, the server does not tell. Its passwords are left out. */
export interface Project extends ProjectSettings {
  readonly id: number
  readonly createdAt: string
  readonly taskCount: number
}
