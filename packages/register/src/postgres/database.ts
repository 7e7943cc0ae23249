import { GroundtraceError, quote } from '@groundtrace/core'
import { Pool, types, type ClientBase, type CustomTypesConfig, type PoolClient, type QueryResult } from 'pg'
import { hash32 } from './locks.ts'
import { storeError, StoreFailure } from './store-error.ts'

/** Where rows are read from and written to: a connection. */
export interface Connection {
  /** Runs one statement; `name` keeps it prepared on the server, for calls of a few values. */
  rows<Row>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>
  /** Runs statements without values, one after the other. @returns the rows of each that gives some */
  script(sql: string): Promise<readonly (readonly unknown[])[]>
}

export interface Statement {
  readonly name: string
  readonly sql: string
}

/** What is done in a transaction. `begun`: the rows of each statement of its beginning that gave some. */
export type Work<T> = (connection: Connection, begun: readonly (readonly unknown[])[]) => Promise<T>

export interface DatabaseOptions {
  readonly url: string
  readonly schema: string
  readonly poolSize: number
  readonly connectionTimeoutMs: number
  readonly statementTimeoutMs: number
  readonly readOnly: boolean
  readonly now: () => number
}

/** A pool of connections to one database, and transactions. */
export interface Database {
  /** The quoted schema, to write in statements. */
  readonly schema: string
  readonly schemaName: string
  /** Class of the advisory locks of this register. */
  readonly lockClass: number
  readonly name: string
  readonly now: () => number
  /** Reads on one connection, each statement on a snapshot of its own. */
  read<T>(work: (connection: Connection) => Promise<T>): Promise<T>
  /**
   * All of it is stored or nothing. Done again when it met another transaction, so `work` may be called several times.
   * @param begin statements right after BEGIN: locks and settings
   */
  write<T>(
    work: (connection: Connection, begun: readonly (readonly unknown[])[]) => Promise<T>,
    begin?: string,
  ): Promise<T>
  /** Closes every connection, when nothing runs any more. */
  close(): Promise<void>
}

/** Times that a transaction is tried before its meeting another one is an error. */
const ATTEMPTS = 10

/** Every number of ours is a safe integer. */
const TYPES: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === types.builtins.INT8 ? Number : (types.getTypeParser(oid, format) as unknown),
}

/** The URL without what is secret. */
function nameOf({ url, schema }: DatabaseOptions): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname} (schema ${schema})`
}

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Waits for the client, and marks what it throws as its own. */
async function ofClient<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw new StoreFailure(error)
  }
}

/**
 * Values from which on a statement is planned for them. The plan of a prepared statement is made for any values and kept: one
 * that was made while a table was small reads all of it, and holds every row against every value, until the server has
 * counted the rows again.
 */
const MANY_VALUES = 50

const isMany = (value: unknown): boolean => Array.isArray(value) && value.length > MANY_VALUES

function connectionOver(client: ClientBase): Connection {
  return {
    async rows<Row>({ name, sql }: Statement, values: readonly unknown[] = []) {
      const prepared = values.some(isMany) ? {} : { name }
      const { rows } = await ofClient(client.query({ ...prepared, text: sql, values: values as unknown[] }))
      return rows as Row[]
    },
    async script(sql) {
      const results: unknown = await ofClient(client.query(sql))
      const list = (Array.isArray(results) ? results : [results]) as QueryResult[]
      return list.map(({ rows }) => rows as unknown[]).filter((rows) => rows.length > 0)
    },
  }
}

const ignore = (): void => undefined

/**
 * Ends a transaction that failed. A lock that `allocate` of the schema took goes with no transaction: a call that is cut off
 * within it would keep every replica from writing, for as long as its connection lives.
 */
const GIVE_UP = 'ROLLBACK; SELECT pg_advisory_unlock_all()'

/** Opens a pool; nothing is connected yet. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, schema, poolSize, connectionTimeoutMs, statementTimeoutMs, readOnly, now } = options
  const name = nameOf(options)
  const pool = new Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectionTimeoutMs,
    statement_timeout: statementTimeoutMs,
    // A process that stands still in the middle must not hold its locks for ever.
    idle_in_transaction_session_timeout: statementTimeoutMs,
    // When even that is not answered, the server or the network is gone.
    query_timeout: statementTimeoutMs + connectionTimeoutMs,
    keepAlive: true,
    application_name: 'groundtrace',
    types: TYPES,
  })
  // A connection that breaks while nobody uses it is replaced when it is needed; while it is used, its query tells.
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))

  /** Rejects where the pool throws: when a connection is made, files that the URL names are read. */
  async function connect(): Promise<PoolClient> {
    return await pool.connect()
  }

  async function told<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      throw storeError(error, name)
    }
  }

  async function reading<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const client = await ofClient(connect())
    try {
      const result = await work(connectionOver(client))
      client.release()
      return result
    } catch (error) {
      // After anything but an answer of the server it is unknown what the connection is in the middle of.
      client.release(error instanceof StoreFailure && !error.isAnswer)
      throw error
    }
  }

  async function writing<T>(work: Work<T>, begin: string): Promise<T> {
    const client = await ofClient(connect())
    const connection = connectionOver(client)
    try {
      const begun = await connection.script(`BEGIN ISOLATION LEVEL READ COMMITTED; ${begin}`)
      const result = await work(connection, begun)
      await connection.script('COMMIT')
      client.release()
      return result
    } catch (error) {
      const usable = await connection.script(GIVE_UP).then(
        () => true,
        () => false,
      )
      client.release(!usable)
      throw error
    }
  }

  /** Again when it met another transaction: the next time it comes before or after that one. */
  async function untilDone<T>(work: Work<T>, begin: string): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await writing(work, begin)
      } catch (error) {
        if (attempt >= ATTEMPTS || !(error instanceof StoreFailure) || !error.metAnother) throw error
      }
    }
  }

  return {
    schema: identifier(schema),
    schemaName: schema,
    lockClass: hash32(schema),
    name,
    now,
    read: (work) => told(reading(work)),
    async write(work, begin = '') {
      if (!readOnly) return await told(untilDone(work, begin))
      throw new GroundtraceError(
        'register-unavailable',
        `The register ${quote(name)} was opened for reading only`,
        'Open it without readOnly to write',
      )
    },
    close: () => pool.end(),
  }
}
