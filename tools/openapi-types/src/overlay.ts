import { isObject, type Json, type JsonObject } from './json.ts'

/** One correction; of the OpenAPI Overlay Specification 1.0, whose `description` says why. */
interface Action {
  readonly target: string
  readonly description: string
  readonly update?: JsonObject
  readonly remove?: boolean
}

/** The part of JSONPath that is understood: `$`, `.name` and `['name']`, one node and no patterns. */
const STEP = /\.([A-Za-z_]\w*)|\['([^']+)'\]/y

function stepsOf(target: string): readonly string[] {
  const steps: string[] = []
  STEP.lastIndex = 1
  while (target.startsWith('$') && STEP.lastIndex < target.length) {
    const [, plain, quoted] = STEP.exec(target) ?? []
    const name = plain ?? quoted
    if (name === undefined) break
    steps.push(name)
  }
  if (steps.length === 0) throw new Error(`The target ${target} is none of the paths that are understood`)
  return steps
}

/** Objects are merged, all else is replaced. Lists are never merged: what the specification says of them is not needed. */
function merge(node: Json | undefined, update: Json): Json {
  if (!isObject(update)) return update
  const merged: Record<string, Json> = isObject(node) ? { ...node } : {}
  for (const [name, child] of Object.entries(update)) merged[name] = merge(merged[name], child)
  return merged
}

function change(node: Json, [step, ...rest]: readonly string[], action: Action): Json | undefined {
  if (step === undefined) return action.remove === true ? undefined : merge(node, action.update ?? {})
  const child = isObject(node) ? node[step] : undefined
  if (!isObject(node) || child === undefined) {
    throw new Error(`There is no ${action.target}: is the correction still needed?`)
  }
  const changed = change(child, rest, action)
  const others = Object.fromEntries(Object.entries(node).filter(([name]) => name !== step))
  return changed === undefined ? others : { ...others, [step]: changed }
}

/**
 * A description with its defects corrected.
 * @throws Error for a target that is not there, or that is no plain path
 */
export function applyOverlay(description: JsonObject, overlay: JsonObject): JsonObject {
  const actions = overlay['actions'] as readonly unknown[] as readonly Action[]
  return actions.reduce<Json>(
    (node, action) => change(node, stepsOf(action.target), action) ?? null,
    description,
  ) as JsonObject
}
