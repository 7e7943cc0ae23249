import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { openMailService, type MailService } from '../../examples/mail-triage/src/mail-service.ts'
import type { SpamFilterModel } from '../../examples/mail-triage/src/spam-filter-model.ts'
import { trainSpamFilter, type SpamExample } from '../../examples/mail-triage/src/spam-filter-training.ts'
import type { IncomingMail, Triaged } from '../../examples/mail-triage/src/triage-service.ts'
import { openTrackedMailService } from '../services/tracked-mail-service.ts'

const folder = mkdtempSync(join(tmpdir(), 'groundtrace-mail-service-'))
const opened: MailService[] = []

afterEach(async () => {
  for (const service of opened.splice(0)) await service.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const example = (label: SpamExample['label'], bucket: number): SpamExample => ({
  label,
  features: { buckets: [bucket], counts: [1] },
})
const MODEL = trainSpamFilter({ examples: [example('spam', 1), example('ham', 2)] })

async function serving(open: typeof openMailService, model: SpamFilterModel = MODEL): Promise<MailService> {
  const service = open({ seed: 1, folder })
  opened.push(service)
  await service.serve({ model, version: '1-first' })
  return service
}

const mail = (number: number): IncomingMail => ({
  id: `inbox/${number}`,
  thread: `thread/${number % 7}`,
  text: { subject: `Meeting ${'again '.repeat(number % 5)}`, body: 'See you there', names: new Set() },
})

async function registered({ register, pipeline }: MailService, { trackingId }: Triaged) {
  await pipeline.forceFlush()
  return trackingId === undefined ? undefined : await register.prediction(trackingId)
}

test('a mail is in the register with all that the service knows of it and all that its model says', async () => {
  const service = await serving(openTrackedMailService)
  service.clock.time = 1_027_324_633_000
  const triaged = await service.triage.triage(mail(1))
  const { spam, label, policy, features } = triaged
  expect(await registered(service, triaged)).toMatchObject({
    id: triaged.trackingId,
    task: { name: 'spam' },
    model: { name: 'filter', version: '1-first' },
    time: 1_027_324_633_000,
    value: label,
    scores: { spam, ham: 1 - spam },
    entity: 'inbox/1',
    policy,
    features: { ...features, thread: 'thread/1', excerpt: 'Meeting again – See you there' },
  })
  expect(policy.propensity).toBeGreaterThan(0)
  expect([service.pipeline.loss(), service.pipeline.droppedFields()]).toEqual([{}, {}])
})

test('mails that are triaged at the same time are not mixed up', async () => {
  const service = await serving(openTrackedMailService)
  const mails = Array.from({ length: 200 }, (_, number) => mail(number))
  const all = await Promise.all(mails.map((one) => service.triage.triage(one)))
  for (const [index, triaged] of all.entries()) {
    const prediction = await registered(service, triaged)
    expect(prediction).toMatchObject({ entity: mails[index]?.id, policy: triaged.policy })
    expect(prediction?.features).toMatchObject({ ...triaged.features, thread: mails[index]?.thread })
  }
})

test('a new version serves from its own file, and the one before it answers what it has in hand', async () => {
  const service = await serving(openTrackedMailService)
  const inHand = service.triage.triage(mail(1))
  await service.serve({
    model: trainSpamFilter({ examples: [example('spam', 3), example('ham', 4)] }),
    version: '2-next',
  })
  const next = await service.triage.triage(mail(2))
  expect((await registered(service, await inHand))?.model.version).toBe('1-first')
  expect((await registered(service, next))?.model.version).toBe('2-next')
  expect(readdirSync(join(folder, 'models')).sort()).toEqual(['filter-1-first.onnx', 'filter-2-next.onnx'])
})

test('without the instrumentation the service does the same, and nothing is registered', async () => {
  const tracked = await serving(openTrackedMailService)
  const { spam, label } = await tracked.triage.triage(mail(1))
  await tracked.close()
  opened.length = 0
  const plain = await serving(openMailService)
  expect(await plain.triage.triage(mail(1))).toMatchObject({
    spam,
    label,
    policy: { action: label === 'spam' ? 'block' : 'pass' },
    trackingId: undefined,
  })
  await plain.pipeline.forceFlush()
  expect((await plain.register.totals()).predictions).toBe(0)
})

test('a service that is opened again begins with an empty folder', async () => {
  const first = await serving(openTrackedMailService)
  await first.triage.triage(mail(1))
  await first.close()
  opened.length = 0
  const second = openTrackedMailService({ seed: 1, folder })
  opened.push(second)
  expect(readdirSync(join(folder, 'models'))).toEqual([])
  expect((await second.register.totals()).predictions).toBe(0)
  await expect(second.triage.triage(mail(1))).rejects.toThrow('Call serve first')
})
