import { Client } from 'pg'

/** Runs statements on a connection of its own, and gives the rows of the last. */
export async function sql<Row>(url: string, ...statements: readonly string[]): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let rows: readonly Row[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows as Row[]
    return rows
  } finally {
    await client.end()
  }
}

export async function dropSchema(url: string, schema: string): Promise<void> {
  await sql(url, `DROP SCHEMA IF EXISTS ${schema} CASCADE`)
}
