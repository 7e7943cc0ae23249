// Makes the types of the Label Studio client. Without arguments: from the vendored description and its overlay. With
// `--description FILE`: prunes that dump of a server's own description first. With `--check`: says what is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import openapiTypes, { astToString } from 'openapi-typescript'
import type { JsonObject } from './json.ts'
import { OPERATIONS } from './operations.ts'
import { applyOverlay } from './overlay.ts'
import { prune } from './prune.ts'

/** Nobody changes what was sent or came; what a default fills in need not be sent; an object without names may have any. */
const OPTIONS = { alphabetize: true, defaultNonNullable: false, emptyObjectsUnknown: true, immutable: true }

const root = join(import.meta.dirname, '../../..')
const VENDORED = join(root, 'packages/label-studio/openapi/label-studio-1.23.2.json')
const OVERLAY = join(root, 'packages/label-studio/openapi/overlay.json')
const TYPES = join(root, 'packages/label-studio/src/generated/openapi.ts')

const readJson = (path: string): JsonObject => JSON.parse(readFileSync(path, 'utf8')) as JsonObject

const { values: given } = parseArgs({ options: { description: { type: 'string' }, check: { type: 'boolean' } } })

const vendored = given.description === undefined ? readJson(VENDORED) : prune(readJson(given.description), OPERATIONS)
if (given.description !== undefined) writeFileSync(VENDORED, `${JSON.stringify(vendored, undefined, 2)}\n`)

const corrected = applyOverlay(vendored, readJson(OVERLAY))
const nodes = await openapiTypes(JSON.stringify(corrected), OPTIONS)
const types = `// Made by tools/openapi-types of the description in openapi/. Change the overlay, not this file.\n\n${astToString(nodes)}`

if (given.check !== true) writeFileSync(TYPES, types)
else if (readFileSync(TYPES, 'utf8') !== types) {
  process.stderr.write(`${TYPES} is stale. Run node tools/openapi-types/src/main.ts.\n`)
  process.exitCode = 1
}
