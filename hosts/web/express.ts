import { HEADER_TRACKING_ID } from '@groundtrace/core/semconv'
import { expressTrackingIdHeader } from '@groundtrace/instrumentation'
import express from 'express'
import { createServer } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Gate } from './gate.ts'
import { predict, spelled } from './predictions.ts'
import { listening, type WebServer } from './server.ts'

/** A service on Express, as a user would write it. */
export async function serveExpress(gate: Gate): Promise<WebServer> {
  const app = express()
  app.set('env', 'test')
  app.use(expressTrackingIdHeader())
  app.get('/predict/:name', async (request, response) => response.json(await predict(request.params['name'])))
  app.get('/stream', async (_, response) => {
    const { letters, id } = await spelled('abc')
    response.write(id)
    await gate.pass()
    await pipeline(letters, response)
  })
  app.get('/late', async (_, response) => {
    response.write('late ')
    await gate.pass()
    response.end(String(await predict('one')))
  })
  app.get('/gated', async (_, response) => {
    await gate.pass()
    response.json(await predict('two'))
  })
  app.get('/fails', async () => {
    throw Object.assign(new Error(String(await predict('one'))), { expose: true })
  })
  app.get('/unchanged', async (_, response) => {
    const [id = ''] = await predict('one')
    response.set('etag', `"${id}"`).status(304).end()
  })
  app.get('/own', async (_, response) => {
    await predict('one')
    response.set(HEADER_TRACKING_ID, 'own').end()
  })
  app.post('/body', express.json(), async (request, response) =>
    response.json(await predict((request.body as { readonly name: string }).name)),
  )
  return listening(createServer(app))
}
