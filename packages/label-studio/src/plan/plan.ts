import type { LiveRules } from '../live/live-rules.ts'
import type { SelectionPlan } from '../selection/selection-plan.ts'
import type { TruthPolicy } from '../truth/truth-policy.ts'
import type { Guidelines } from './guidelines.ts'

/** Who answers. What is private goes to experts only. */
export const PROJECT_ROLES = ['crowd', 'expert'] as const
export type ProjectRole = (typeof PROJECT_ROLES)[number]

/** An answer that can be chosen. */
export interface PlannedClass {
  /** As the task declares it, and as answers hold it. */
  readonly name: string
  /** What annotators read. */
  readonly text: string
  readonly hint?: string
  /** One letter or digit. Label Studio gives the others one by itself. */
  readonly hotkey?: string
}

/** A feature that annotators see. */
export interface ShownField {
  /** Key in the data of a task on the server. */
  readonly field: string
  /** Name of the feature of the prediction. */
  readonly feature: string
  /** Stands above it. */
  readonly title: string
}

/** A project on the server, as it is to be. */
export interface PlannedProject {
  /** `<task>-<role>`: how it is called here. On the server its description says so. */
  readonly name: string
  /** Name of the task whose predictions are annotated. */
  readonly task: string
  readonly role: ProjectRole
  /** 3 to 50 characters. */
  readonly title: string
  readonly question: string
  readonly classes: readonly PlannedClass[]
  /** One or more. */
  readonly shown: readonly ShownField[]
  readonly guidelines: Guidelines
  /** Annotators are also asked what share of people will choose each class (Bayesian Truth Serum). */
  readonly shares: boolean
  /** Annotations of a task at which the server hands it out no more. */
  readonly overlap: number
}

export interface PlannedTask {
  readonly name: string
  readonly kind: 'binary' | 'multiclass'
  readonly projects: readonly PlannedProject[]
  /** What is picked for annotation. Absent: nothing is, by itself. */
  readonly selection?: SelectionPlan
  readonly truth: TruthPolicy
  /** How live predictions are decided. Absent: they are not. */
  readonly live?: LiveRules
}

/** What is to be annotated, where and how. Made by `readPlan`. */
export interface AnnotationPlan {
  /** Where the server tells of news. */
  readonly webhook?: {
    readonly url: string
    /** The environment variable that holds the shared secret: the secret itself never stands in a plan. */
    readonly secretVariable: string
  }
  /** One or more. */
  readonly tasks: readonly PlannedTask[]
}
