import { mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteRegister } from '@groundtrace/register'
import { afterAll, expect, it } from 'vitest'
import { serveBridge } from '../../src/label-studio/serve-bridge.ts'

const folder = mkdtempSync(join(tmpdir(), 'groundtrace-serve-bridge-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const environment = async () => ({
  LABEL_STUDIO_URL: `http://127.0.0.1:${await closedPort()}`,
  LABEL_STUDIO_API_KEY: 'a-token-of-nobody',
  GROUNDTRACE_SECRET: 'sixteen bytes or more of it',
  GROUNDTRACE_WEBHOOK_SECRET: 'sixteen characters or more',
  GROUNDTRACE_OUTBOX: join(folder, 'outbox.db'),
})

it('waits for a Label Studio that is down: what is served beside it does not', async () => {
  const register = openSqliteRegister({ path: ':memory:', thread: 'caller' })
  const told = Promise.withResolvers<[reason: string, error: unknown]>()
  const served = serveBridge({
    plan: join(import.meta.dirname, '../../../../docs/annotation/plan.yaml'),
    flags: {},
    environment: await environment(),
    register,
    onTrouble: (reason, error) => told.resolve([reason, error]),
  })
  const [reason, error] = await told.promise
  expect(reason).toBe('label-studio-not-begun')
  expect(String(error)).toMatch(/ECONNREFUSED/)
  // It has counts to show, and no webhook to take yet.
  expect(served.status().units).toEqual([])
  const [route] = served.routes
  const request = new Request('http://localhost/label-studio/webhook', { method: 'POST', body: '{}' })
  expect((await route?.handle(request))?.status).toBe(503)
  await served.stop()
  await register.close()
})

it('does not begin with a plan that is none', async () => {
  const register = openSqliteRegister({ path: ':memory:', thread: 'caller' })
  const options = { plan: join(folder, 'no-plan.yaml'), flags: {}, environment: await environment(), register }
  expect(() => serveBridge({ ...options, onTrouble: () => undefined })).toThrow(/no-plan\.yaml/)
  await register.close()
})
