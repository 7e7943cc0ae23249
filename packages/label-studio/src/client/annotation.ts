/** What an annotation says. */
export interface AnnotationContent {
  /** Regions as Label Studio's editor writes them: from anybody, so nothing but a list until it is parsed. */
  readonly result: readonly unknown[]
  /** The task was skipped; the result is what had been entered until then. Default false. */
  readonly wasCancelled?: boolean
  /** Shown as ground truth. Default false. */
  readonly groundTruth?: boolean
  /** How long it took, as the browser measured. */
  readonly leadTimeSeconds?: number
}

/** An annotation as the server has it. */
export interface StoredAnnotation extends Required<Omit<AnnotationContent, 'leadTimeSeconds'>> {
  readonly id: number
  readonly task: number
  readonly leadTimeSeconds: number | undefined
  /** Whose answer it is said to be. Every member can set it: no proof. Undefined for nobody, as after an account was deleted. */
  readonly completedBy: number | undefined
  /** Who wrote it last, which the server sets itself. Undefined for what came in with an imported task, written by nobody. */
  readonly updatedBy: number | undefined
  readonly createdAt: string
  readonly updatedAt: string
  /** Number of the prediction or annotation that it was begun from. */
  readonly parentPrediction: number | undefined
  readonly parentAnnotation: number | undefined
}
