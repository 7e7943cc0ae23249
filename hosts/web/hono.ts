import { HEADER_TRACKING_ID } from '@groundtrace/core/semconv'
import { honoTrackingIdHeader } from '@groundtrace/instrumentation'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import type { Server } from 'node:http'
import type { Gate } from './gate.ts'
import { predict, spelled } from './predictions.ts'
import { listening, type WebServer } from './server.ts'

/** A service on Hono, as a user would write it. */
export async function serveHono(gate: Gate): Promise<WebServer> {
  const app = new Hono()
  app.use(honoTrackingIdHeader())
  app.get('/predict/:name', async (context) => context.json(await predict(context.req.param('name'))))
  app.get('/stream', async (context) => {
    const { letters, id } = await spelled('abc')
    return stream(context, async (body) => {
      await body.write(id)
      await gate.pass()
      for await (const letter of letters) await body.write(letter)
    })
  })
  app.get('/late', (context) =>
    stream(context, async (body) => {
      await body.write('late ')
      await gate.pass()
      await body.write(String(await predict('one')))
    }),
  )
  app.get('/gated', async (context) => {
    await gate.pass()
    return context.json(await predict('two'))
  })
  app.get('/fails', async () => {
    throw new Error(String(await predict('one')))
  })
  app.onError((error, context) => context.text(error.message, 500))
  app.get('/unchanged', async (context) => {
    const [id = ''] = await predict('one')
    context.header('etag', `"${id}"`)
    return context.body(null, 304)
  })
  app.get('/own', async () => {
    await predict('one')
    return new Response('', { headers: { [HEADER_TRACKING_ID]: 'own' } })
  })
  app.get('/moved', async () => {
    const [id = ''] = await predict('one')
    return Response.redirect(`http://127.0.0.1/${id}`)
  })
  app.get('/twice', honoTrackingIdHeader(), async (context) => context.json(await predict('two')))
  app.post('/body', async (context) => context.json(await predict((await context.req.json<{ name: string }>()).name)))
  const server = await new Promise<Server>((resolve) => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => resolve(started as Server))
  })
  return listening(server)
}
