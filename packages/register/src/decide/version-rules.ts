import { GroundtraceError, quote, type Model } from '@groundtrace/core'

/**
 * Model versions in a register up to which predictions may bring others: each is a row that stays, and whoever may send a
 * prediction may name one. Those that a lineage line names are not among them, and are taken beyond that too.
 */
export const MOST_BROUGHT_VERSIONS = 10_000

/** Versions that a process remembers. */
export const MOST_REMEMBERED_VERSIONS = 10_000

/** There is no room for a version that a prediction brings. */
export function noRoomForVersion({ name, version }: Model): GroundtraceError {
  return new GroundtraceError(
    'invalid-prediction',
    `The register has ${MOST_BROUGHT_VERSIONS} model versions that nothing but predictions names, and ${quote(`${name} ${version}`)} is none of them`,
    'Announce it by a deployment event or another lineage line, or look for what makes so many versions',
  )
}
