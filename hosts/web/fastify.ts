import { HEADER_TRACKING_ID } from '@groundtrace/core/semconv'
import { fastifyTrackingIdHeader } from '@groundtrace/instrumentation'
import { fastify } from 'fastify'
import { Readable } from 'node:stream'
import type { Gate } from './gate.ts'
import { predict, spelled } from './predictions.ts'
import { listening, type WebServer } from './server.ts'

async function* late(gate: Gate): AsyncGenerator<string> {
  yield 'late '
  await gate.pass()
  yield String(await predict('one'))
}

/** A service on Fastify, as a user would write it. */
export async function serveFastify(gate: Gate): Promise<WebServer> {
  const app = fastify()
  app.addHook('onRequest', fastifyTrackingIdHeader())
  app.get<{ Params: { name: string } }>('/predict/:name', async (request) => predict(request.params.name))
  app.get('/stream', async (_, reply) => {
    const { letters, id } = await spelled('abc')
    async function* body(): AsyncGenerator<string> {
      yield id
      await gate.pass()
      yield* letters
    }
    return reply.send(Readable.from(body()))
  })
  app.get('/late', async (_, reply) => reply.send(Readable.from(late(gate))))
  app.get('/gated', async () => {
    await gate.pass()
    return predict('two')
  })
  app.get('/fails', async () => {
    throw new Error(String(await predict('one')))
  })
  app.get('/unchanged', async (_, reply) => {
    const [id = ''] = await predict('one')
    return reply.code(304).header('etag', `"${id}"`).send()
  })
  app.get('/own', async (_, reply) => {
    await predict('one')
    return reply.header(HEADER_TRACKING_ID, 'own').send('')
  })
  app.post<{ Body: { name: string } }>('/body', async (request) => predict(request.body.name))
  await app.listen({ host: '127.0.0.1', port: 0 })
  return listening(app.server)
}
