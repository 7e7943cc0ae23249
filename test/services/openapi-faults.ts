/** A part of an OpenAPI 3.0 description: a schema. */
interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly enum?: readonly unknown[]
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: unknown
}

interface Body {
  readonly content?: { readonly 'application/json'?: { readonly schema: Schema } }
}

export interface Description {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<string, { readonly requestBody?: Body; readonly responses: Readonly<Record<string, Body>> } | undefined>
      >
    >
  >
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** A request that was sent, and what came. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly sent: unknown
  readonly status: number
  readonly came: unknown
}

const TYPE_OF: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

/** In which path of a description another is: `/api/tasks/7/` in `/api/tasks/{id}/`. */
function templateOf(path: string, description: Description): string | undefined {
  return Object.keys(description.paths).find((template) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  )
}

/** `post /api/tasks/{id}/annotations/`, or undefined for what is not described. */
export function operationOf({ method, path }: Exchange, description: Description): string | undefined {
  const template = templateOf(path, description)
  const known = template !== undefined && description.paths[template]?.[method] !== undefined
  return known ? `${method} ${template}` : undefined
}

function faultsOf(value: unknown, schema: Schema, where: string, description: Description): readonly string[] {
  const inner = (value: unknown, schema: Schema, name: string): readonly string[] =>
    faultsOf(value, schema, `${where}${name}`, description)
  if (schema.$ref !== undefined) {
    const named = description.components.schemas[schema.$ref.replace('#/components/schemas/', '')]
    return named === undefined ? [`${where}: ${schema.$ref} is not described`] : inner(value, named, '')
  }
  if (value === null && schema.nullable === true) return []
  const combined = (schema.allOf ?? []).flatMap((part) => inner(value, part, ''))
  const fits = schema.oneOf?.some((part) => inner(value, part, '').length === 0) ?? true
  if (!fits) combined.push(`${where}: fits none of those described`)
  if (schema.enum !== undefined && !schema.enum.includes(value)) combined.push(`${where}: is no word described`)
  if (schema.type !== undefined && TYPE_OF[schema.type]?.(value) !== true) {
    return [...combined, `${where}: is not of the type ${schema.type}`]
  }
  if (Array.isArray(value)) {
    return [...combined, ...value.flatMap((item: unknown, index) => inner(item, schema.items ?? {}, `[${index}]`))]
  }
  const { properties, required = [], additionalProperties } = schema
  if (properties === undefined || typeof value !== 'object' || value === null) return combined
  const missing = required.filter((name) => !(name in value)).map((name) => `${where}.${name}: is missing`)
  const wrong = Object.entries(value).flatMap(([name, child]) => {
    const property = properties[name]
    if (property !== undefined) return inner(child, property, `.${name}`)
    return additionalProperties === undefined ? [`${where}.${name}: is not described`] : []
  })
  return [...combined, ...missing, ...wrong]
}

/** Where an exchange is not as described. */
export function exchangeFaults(exchange: Exchange, description: Description): readonly string[] {
  const { method, path, sent, status, came } = exchange
  const operation = description.paths[templateOf(path, description) ?? '']?.[method]
  if (operation === undefined) return [`${method} ${path}: is not described`]
  const request = operation.requestBody?.content?.['application/json']?.schema
  const response = operation.responses[String(status)]?.content?.['application/json']?.schema
  return [
    ...(sent === undefined ? [] : faultsOf(sent, request ?? {}, `${method} ${path} sent`, description)),
    ...(response === undefined
      ? [`${method} ${path}: ${status} is not described`]
      : faultsOf(came, response, `${method} ${path} ${status}`, description)),
  ]
}
