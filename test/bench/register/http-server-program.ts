// Serves one of five things on a free port, and says where: the receiver over a register, or the least that could stand in
// its place, with the same durability.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteRegister } from '@groundtrace/register'
import { createReceiver, nodeListener } from '@groundtrace/register/http'
import { readProtobufLogs } from '../../../packages/register/src/otlp/protobuf-logs.ts'
import { predictions, TASK } from './material.ts'

const [kind = '', path = '', known = '0'] = process.argv.slice(2)

const MEBIBYTE = 2 ** 20
const BATCH = 1000

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function bareStore(table: string, synchronous: 'NORMAL' | 'FULL'): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
  database.exec(
    `CREATE TABLE ${table} (position INTEGER PRIMARY KEY, id TEXT NOT NULL, line_json TEXT NOT NULL) STRICT`,
  )
  return database
}

/** Decodes the same bodies with the same reader and appends each record as one text. */
function bareLogs(): RequestListener {
  const database = bareStore('predictions', 'NORMAL')
  const insert = database.prepare('INSERT INTO predictions (id, line_json) VALUES (?, ?)')
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { events } = readProtobufLogs(await bodyOf(request), MEBIBYTE)
    database.exec('BEGIN IMMEDIATE')
    for (const { attributes } of events) {
      insert.run(attributes?.['groundtrace.tracking_id'] as string, JSON.stringify(attributes))
    }
    database.exec('COMMIT')
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  }
  return (request, response) => void answer(request, response)
}

interface Waiting {
  readonly id: string
  readonly json: string
  readonly response: ServerResponse
}

/** One feedback a request; what comes in one turn of the event loop is one commit. */
function bareFeedback(): RequestListener {
  const database = bareStore('feedback', 'FULL')
  const insert = database.prepare('INSERT INTO feedback (id, line_json) VALUES (?, ?)')
  let waiting: Waiting[] = []
  function commit(): void {
    const all = waiting
    waiting = []
    database.exec('BEGIN IMMEDIATE')
    for (const { id, json } of all) insert.run(id, json)
    database.exec('COMMIT')
    for (const { response } of all) response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (await bodyOf(request)).toString('utf8')
    if (waiting.length === 0) setImmediate(commit)
    waiting.push({ id: (JSON.parse(json) as { id: string }).id, json, response })
  }
  return (request, response) => void take(request, response)
}

async function receiver(durability: 'process' | 'power', tasks = [TASK]): Promise<RequestListener> {
  const register = openSqliteRegister({ path, tasks, durability })
  for (let from = 0; from < Number(known); from += BATCH) {
    await register.appendPredictions(predictions(from, Math.min(from + BATCH, Number(known))))
  }
  const { logs, feedback } = createReceiver({ register, tasks })
  return nodeListener(
    async (request) => await (new URL(request.url).pathname === '/v1/logs' ? logs : feedback)(request),
  )
}

const KINDS: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  'bare-logs': bareLogs,
  'bare-feedback': bareFeedback,
  logs: () => receiver('process'),
  // As `groundtrace serve` without --tasks: each event describes its task anew.
  'undeclared-logs': () => receiver('process', []),
  feedback: () => receiver('power'),
}

const listener = await KINDS[kind]?.()
const server = createServer(listener).listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
