import { isObject, objectAt, type Json, type JsonObject } from './json.ts'

/** What types are not made of, and what changes without them. */
const NOT_TYPES = new Set(['description', 'summary', 'title', 'tags', 'security', 'example', 'examples', 'operationId'])

/** Names of these objects are names of the API's, whatever they are called. */
const NAMES_ARE_FREE = new Set(['properties', 'schemas', 'paths', 'responses'])

function slim(value: Json, isNames = false): Json {
  if (Array.isArray(value)) return value.map((item: Json) => slim(item))
  if (!isObject(value)) return value
  const kept = Object.entries(value)
    .filter(([name]) => isNames || (!NOT_TYPES.has(name) && !name.startsWith('x-')))
    .map(
      ([name, child]) => [name, name === 'content' ? jsonOnly(child) : slim(child, NAMES_ARE_FREE.has(name))] as const,
    )
  return Object.fromEntries(kept)
}

/** Bodies are sent and taken as JSON and in no other form. */
function jsonOnly(content: Json): Json {
  const json = isObject(content) ? content['application/json'] : undefined
  return json === undefined ? {} : { 'application/json': slim(json) }
}

/** Names of the schemas that a part refers to. */
function referencesOf(value: Json): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = '']) => name)
}

/** The schemas that operations refer to, and those that these refer to, in order of their names. */
function schemasOf(paths: Json, all: JsonObject): JsonObject {
  const wanted = new Set<string>()
  const queue = [...referencesOf(paths)]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (wanted.has(name)) continue
    wanted.add(name)
    queue.push(...referencesOf(all[name] ?? null))
  }
  return Object.fromEntries([...wanted].sort().map((name) => [name, all[name] ?? null]))
}

/**
 * An OpenAPI description of nothing but these operations: their types, without prose, examples and vendors' extensions.
 * @param operations by method and path, such as `get /api/users/`
 * @throws Error for an operation that is not described
 */
export function prune(description: JsonObject, operations: readonly string[]): JsonObject {
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations.toSorted()) {
    const [method = '', path = ''] = operation.split(' ')
    const item = objectAt(objectAt(description, 'paths'), path)
    paths[path] = { ...paths[path], [method]: slim(objectAt(item, method)) }
  }
  const all = slim(objectAt(objectAt(description, 'components'), 'schemas'), true) as JsonObject
  return {
    openapi: description['openapi'] ?? null,
    info: {
      title: 'Label Studio, the operations in use',
      description:
        'Pruned by tools/openapi-types from the description that Label Studio serves of itself. Label Studio: copyright HumanSignal Inc., https://github.com/HumanSignal/label-studio.',
      version: objectAt(description, 'info')['version'] ?? null,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    paths,
    components: { schemas: schemasOf(paths, all) },
  }
}
