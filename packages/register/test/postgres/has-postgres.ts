import { hasPostgres as isThere } from '../../../../test/services/postgres.ts'

/** Where it is missing, what needs it is skipped, but for CI, where that is a failure. */
export const hasPostgres = isThere || process.env['CI'] === 'true'
