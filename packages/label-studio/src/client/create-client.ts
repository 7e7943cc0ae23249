import { annotationOperations } from './annotation-operations.ts'
import { checkedOptions, type ClientOptions } from './client-options.ts'
import { connect } from './connection.ts'
import type { LabelStudio } from './label-studio.ts'
import { mlBackendOperations } from './ml-backend-operations.ts'
import { organisationOperations } from './organisation-operations.ts'
import { projectOperations } from './project-operations.ts'
import { taskOperations } from './task-operations.ts'
import { webhookOperations } from './webhook-operations.ts'

/**
 * A client of a Label Studio server, for its release 1.23. Nothing is sent before the first call.
 * @throws LabelStudioError `invalid-argument` for an address that is none, a token that is none, or a time that can't be
 */
export function createLabelStudioClient(options: ClientOptions): LabelStudio {
  const connection = connect(checkedOptions(options))
  return {
    ...organisationOperations(connection),
    ...projectOperations(connection),
    ...taskOperations(connection),
    ...annotationOperations(connection),
    ...webhookOperations(connection),
    ...mlBackendOperations(connection),
  }
}
