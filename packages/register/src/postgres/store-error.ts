import { GroundtraceError } from '@groundtrace/core'

/** What to do about SQLSTATE codes (https://www.postgresql.org/docs/15/errcodes-appendix.html) and codes of Node. */
const NEXT_STEPS: ReadonlyMap<string, string> = new Map([
  ['28P01', 'Check user and password of the URL'],
  ['28000', 'Check the user of the URL, and what pg_hba.conf of the server lets in'],
  ['3D000', 'Create the database, or check its name in the URL'],
  ['42501', 'Grant the role what it lacks; to make the tables it needs CREATE on the database, or to own the schema'],
  ['25006', 'Connect to the primary server, or open the register with readOnly'],
  ['53100', 'Free disk space on the server and call again: nothing of this call was stored'],
  [
    '53200',
    'Raise max_locks_per_transaction or the memory of the server, and call again: nothing of this call was stored',
  ],
  ['53300', 'Lower poolSize, or raise max_connections of the server, and call again'],
  ['57014', 'It took longer than statementTimeoutMs: look for what holds the server up, and call again'],
  ['57P01', 'The server is being stopped: call again when it is up'],
  ['57P03', 'The server is starting: call again in a moment'],
  ['ECONNREFUSED', 'Check host and port of the URL, and that the server runs; then call again'],
  ['ENOTFOUND', 'Check the host of the URL'],
  ['EAI_AGAIN', 'Check the host of the URL, and the name service'],
  ['ETIMEDOUT', 'Check the network to the server, and call again'],
])

/** What `pg-pool` says when nobody gave a connection back in time. */
const NO_CONNECTION = 'timeout exceeded when trying to connect'

const CONNECTION_STEP =
  'No connection was free within connectionTimeoutMs: check the server, or raise poolSize, and call again'
const OTHERWISE = 'Check the server and call again: what was acknowledged is stored, and nothing is stored twice'

/** A full disk under `pg_wal` ends the server, maybe right behind a commit that nobody was told of. */
const WENT_DOWN =
  'The server went down of it: see to the cause, let it start, and call again: what was acknowledged is stored, and nothing is stored twice'

/** What is worth another try at once: it met another transaction, and next time it will come before or after that one. */
const MET_ANOTHER: ReadonlySet<unknown> = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '23505', // unique_violation
])

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code

/** What the client threw, as it came out of it: told apart from what our own code and callbacks throw. */
export class StoreFailure extends Error {
  constructor(cause: unknown) {
    super('The store failed', { cause })
  }

  get metAnother(): boolean {
    return MET_ANOTHER.has(codeOf(this.cause))
  }

  /** False for what is no answer of the server: it is unknown then what the connection is in the middle of. */
  get isAnswer(): boolean {
    const code = codeOf(this.cause)
    return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('57P')
  }
}

/** Several addresses were tried: the first says why. */
function first(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] as unknown) : error
}

function nextStep(cause: unknown): string {
  if (cause instanceof Error && cause.message === NO_CONNECTION) return CONNECTION_STEP
  if ((cause as { readonly severity?: unknown } | null)?.severity === 'PANIC') return WENT_DOWN
  const code = codeOf(cause)
  return (typeof code === 'string' ? NEXT_STEPS.get(code) : undefined) ?? OTHERWISE
}

/** A failure of the store as the error that callers know; anything else as it is. */
export function storeError(error: unknown, name: string): unknown {
  if (!(error instanceof StoreFailure)) return error
  const cause = first(error.cause)
  const message = cause instanceof Error ? cause.message : String(cause)
  return new GroundtraceError('register-unavailable', `The register ${name} failed (${message})`, nextStep(cause), {
    cause,
  })
}
