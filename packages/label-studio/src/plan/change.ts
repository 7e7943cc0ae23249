/**
 * A difference between a plan and the server.
 * - `create`: it is not there.
 * - `update`: one thing of it is otherwise than planned.
 * - `foreign`: it is not of the plan. It is left alone.
 * - `refused`: it can't be made as planned without harm. Nothing of the project is touched.
 */
export type Change =
  | {
      readonly kind: 'create'
      readonly what: 'project' | 'webhook'
      readonly project: string
      readonly to: Readonly<Record<string, unknown>>
    }
  | {
      readonly kind: 'update'
      readonly what: 'project' | 'webhook'
      readonly project: string
      readonly field: string
      readonly from: unknown
      readonly to: unknown
    }
  | {
      readonly kind: 'foreign'
      readonly what: 'webhook'
      readonly project: string
      readonly detail: string
    }
  | {
      readonly kind: 'refused'
      readonly what: 'project'
      readonly project: string
      readonly detail: string
      readonly nextStep: string
    }

/** True when there is something to be done about it. */
export function isToDo(change: Change): boolean {
  return change.kind === 'create' || change.kind === 'update'
}
