import { isName, quote, type VersionRecord } from '@groundtrace/core'
import { listOf, nameOf, refusal } from './argument.ts'
import { sha256 } from './sha256.ts'

/**
 * The name of a model's next version: one more than the highest number that any of its versions starts with, candidates
 * that never went live and retired ones included, so that no name is ever used again. With the contents of the weights it also carries
 * the first 8 digits of their SHA-256: `7-3fa9c1d2`. Versions whose name starts with no number don't count.
 * @param model name of the model
 * @param versions all versions the register knows, of any model
 * @param contents the weights, serialised; default: the name is the number alone
 * @throws GroundtraceError `invalid-argument`
 */
export function nextVersion(
  model: string,
  versions: Iterable<Pick<VersionRecord, 'model' | 'version'>>,
  contents?: string,
): string {
  nameOf(model, 'model')
  let highest = 0n
  for (const known of listOf(versions, 'versions')) {
    if (known.model !== model) continue
    const number = BigInt(/^[0-9]*/.exec(known.version)?.[0] ?? 0)
    if (number > highest) highest = number
  }
  const name = contents === undefined ? `${highest + 1n}` : `${highest + 1n}-${digest(contents)}`
  if (!isName(name)) throw refusal(`Version ${quote(name)} is too long`, 'Name versions by small numbers')
  return name
}

function digest(contents: string): string {
  if (typeof contents !== 'string') throw refusal(`contents is ${quote(contents)}`, 'Pass the weights as a text')
  return sha256(contents).slice(0, 8)
}
