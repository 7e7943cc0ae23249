import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../../../tools/openapi-types/src/json.ts'
import { applyOverlay } from '../../../tools/openapi-types/src/overlay.ts'
import type { Description } from '../openapi-faults.ts'

const folder = join(import.meta.dirname, '../../../packages/label-studio/openapi')
const readJson = (name: string): JsonObject => JSON.parse(readFileSync(join(folder, name), 'utf8')) as JsonObject

/** The description as the server has it, pruned. */
export const vendored = readJson('label-studio-1.23.2.json')

const overlay = readJson('overlay.json')
const actions = overlay['actions'] as unknown as readonly (JsonObject & { readonly description: string })[]

/** Why it is corrected. Actions that say the same are one: what is wrong is taken away, what is right put in its place. */
export const reasons: readonly string[] = [...new Set(actions.map(({ description }) => description))]

/** The description, corrected for all reasons but one. */
export function corrected(leftOut?: string): Description {
  const kept = actions.filter(({ description }) => description !== leftOut)
  return applyOverlay(vendored, { ...overlay, actions: kept }) as unknown as Description
}
