import {
  applyPlan,
  createLabelStudioClient,
  planChanges,
  WEBHOOK_SECRET_HEADER,
  type AnnotationPlan,
  type LabelStudio,
} from '@groundtrace/label-studio'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasLabelStudio, startLabelStudio, type LabelStudioServer } from '../services/label-studio.ts'
import { annotationPlan, handedIn, webhookSecret } from './annotation-plans.ts'

if (!hasLabelStudio && process.env['CI'] === 'true')
  throw new Error('Label Studio is missing. Install it: npm test -- --services.')

/** A third class that other plans have not. */
const withThird = (text: string): string =>
  text.replace('binary', 'multiclass').replace('    question', '      - { name: other, text: Other }\n    question')

describe.runIf(hasLabelStudio)('a plan on a real Label Studio', () => {
  let server: LabelStudioServer
  let labelStudio: LabelStudio

  beforeAll(async () => {
    server = await startLabelStudio()
    labelStudio = createLabelStudioClient({ url: server.url, token: server.admin.token })
  })

  afterAll(async () => {
    await server?.stop()
  })

  const apply = async (what: AnnotationPlan) => await applyPlan(labelStudio, what, { webhookSecret })
  const changesOf = async (what: AnnotationPlan) => await planChanges(labelStudio, what, { webhookSecret })

  test('makes its projects once: what is shown before is what is done, and then there is nothing to do', async () => {
    const mail = annotationPlan('once')
    const before = await labelStudio.projects()
    const shown = await changesOf(mail)
    expect(shown.map(({ kind, what, project }) => `${kind} ${what} ${project}`)).toEqual([
      'create project once-crowd',
      'create webhook once-crowd',
      'create project once-expert',
      'create webhook once-expert',
    ])
    expect(await labelStudio.projects()).toEqual(before)

    const { changes, projects } = await apply(mail)
    expect(changes).toEqual(shown)
    const after = await labelStudio.projects()
    expect(after.length).toBe(before.length + 2)
    const settings = projects.map(({ server: id }) => after.find((project) => project.id === id))
    expect(settings.map((project) => [project?.title, project?.annotationsPerTask, project?.overlapPercent])).toEqual([
      ['once, crowd', 5, 100],
      ['once, experts', 1, 100],
    ])
    const [hook] = await labelStudio.webhooks(projects[0]?.server ?? 0)
    expect(hook?.headers).toEqual({ [WEBHOOK_SECRET_HEADER]: webhookSecret })
    expect(JSON.stringify(changes)).not.toContain(webhookSecret)

    expect(await changesOf(mail)).toEqual([])
    const again = await apply(mail)
    expect(again).toEqual({ changes: [], projects })
    expect(await labelStudio.projects()).toEqual(after)
  })

  test('heals what somebody changed by hand, leaves what is not its own, and deletes nothing', async () => {
    const mail = annotationPlan('healed')
    const [made] = (await apply(mail)).projects
    const id = made?.server ?? 0
    await labelStudio.importTasks(id, [{ data: { subject: 'a', body: 'b' } }])
    const [hook] = await labelStudio.webhooks(id)
    const foreignHook = await labelStudio.createWebhook(id, { url: 'http://127.0.0.2:9/secret-path' })
    const foreign = await labelStudio.createProject({ title: 'Somebody else’s', description: 'By hand' })
    await labelStudio.updateProject(id, {
      title: 'Renamed',
      labelConfig:
        '<View><Text name="t" value="$subject"/><Choices name="c" toName="t"><Choice value="X"/></Choices></View>',
      annotationsPerTask: 2,
      showSkipButton: false,
      guidelines: '<p>Written by hand</p>',
    })
    await labelStudio.updateWebhook(hook?.id ?? 0, { isActive: false, headers: {}, actions: 'all' })

    const { changes } = await apply(mail)
    expect(
      changes.map((change) => `${change.kind} ${change.what}${'field' in change ? ` ${change.field}` : ''}`),
    ).toEqual([
      'update project title',
      'update project labelConfig',
      'update project annotationsPerTask',
      'update project showSkipButton',
      'update webhook headers',
      'update webhook actions',
      'update webhook isActive',
      'foreign webhook',
    ])
    expect(JSON.stringify(changes)).not.toMatch(/secret-path|at-random/)
    expect((await changesOf(mail)).map(({ kind }) => kind)).toEqual(['foreign'])
    const healed = await labelStudio.project(id)
    expect(healed).toMatchObject({ title: 'healed, crowd', guidelines: '<p>Written by hand</p>', taskCount: 1 })
    expect(await labelStudio.project(foreign.id)).toEqual(foreign)
    expect((await labelStudio.webhooks(id)).map((one) => one.id)).toEqual([hook?.id, foreignHook.id])
  })

  test('makes a webhook again that was deleted', async () => {
    const mail = annotationPlan('unhooked')
    const [made] = (await apply(mail)).projects
    const [hook] = await labelStudio.webhooks(made?.server ?? 0)
    await server.api(`/api/webhooks/${hook?.id}/`, { method: 'DELETE' })
    expect((await apply(mail)).changes.map(({ kind, what }) => `${kind} ${what}`)).toEqual(['create webhook'])
    expect(await changesOf(mail)).toEqual([])
  })

  test('refuses to take a project for its own that does not say so, and to choose between two that do', async () => {
    const mail = annotationPlan('claimed', (text) => text.replace(/webhook: .*\n/, '').replace(/ {4}expert: .*\n/, ''))
    const foreign = await labelStudio.createProject({ title: 'claimed, crowd' })
    const refused = await applyPlan(labelStudio, mail)
    expect(refused.projects).toEqual([])
    expect(refused.changes).toMatchObject([{ kind: 'refused', detail: expect.stringContaining(String(foreign.id)) }])
    await labelStudio.updateProject(foreign.id, {
      description: 'Mine\r\ngroundtrace project: claimed-crowd\r\nSo it is',
    })
    expect((await applyPlan(labelStudio, mail)).projects.map((project) => project.server)).toEqual([foreign.id])
    await labelStudio.createProject({ title: 'Another', description: 'groundtrace project: claimed-crowd' })
    expect(await planChanges(labelStudio, mail)).toMatchObject([
      { kind: 'refused', nextStep: expect.stringContaining('one') },
    ])
  })

  test('refuses to take away a class that was answered, and takes away one that was not', async () => {
    const wide = annotationPlan('narrowed', withThird)
    const narrow = annotationPlan('narrowed', (text) => text.replace('binary', 'multiclass'))
    const [crowd, expert] = (await apply(wide)).projects
    const [task = 0] = await labelStudio.importTasks(crowd?.server ?? 0, [{ data: { subject: 'a', body: 'b' } }])
    const result = [{ from_name: 'answer', to_name: 'item', type: 'choices', value: { choices: ['other'] } }]
    const annotation = await labelStudio.createAnnotation(task, { result })
    const config = (await labelStudio.project(crowd?.server ?? 0))?.labelConfig

    const { changes, projects } = await apply(narrow)
    expect(changes).toMatchObject([
      { kind: 'refused', project: 'narrowed-crowd', detail: expect.stringMatching(/^1 answers/) },
      { kind: 'update', project: 'narrowed-expert', field: 'labelConfig' },
    ])
    expect(projects.map((project) => project.server)).toEqual([crowd?.server, expert?.server])
    expect((await labelStudio.project(crowd?.server ?? 0))?.labelConfig).toBe(config)

    await labelStudio.updateAnnotation(annotation.id, {
      result: [{ from_name: 'answer', to_name: 'item', type: 'choices', value: { choices: ['spam'] } }],
    })
    expect((await apply(narrow)).changes).toMatchObject([{ kind: 'update', project: 'narrowed-crowd' }])
    expect((await handedIn(labelStudio, crowd?.server ?? 0)).length).toBe(1)
  })

  test('refuses to ask for shares no more when they were given', async () => {
    const asking = annotationPlan('shared')
    const silent = annotationPlan('shared', (text) => text.replace(', shares: true', ''))
    const [crowd] = (await apply(asking)).projects
    const [task = 0] = await labelStudio.importTasks(crowd?.server ?? 0, [{ data: { subject: 'a', body: 'b' } }])
    await labelStudio.createAnnotation(task, {
      result: [{ from_name: 'share_spam', to_name: 'item', type: 'number', value: { number: 40 } }],
    })
    expect((await apply(silent)).changes).toMatchObject([{ kind: 'refused', detail: expect.stringMatching(/shares/) }])
  })

  test('makes each project once, also when it is applied four times at the same moment', async () => {
    const mail = annotationPlan('raced')
    const racers = await Promise.allSettled(Array.from({ length: 4 }, async () => await apply(mail)))
    // The server's SQLite may be locked for one of them; he does it again, and it goes on from there.
    const refused = racers.filter((racer) => racer.status === 'rejected')
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'server-error' })
    expect(refused.length).toBeLessThan(racers.length)
    await apply(mail)
    const marked = (await labelStudio.projects()).filter(({ description }) =>
      description.includes('groundtrace project: raced-'),
    )
    expect(marked.map(({ title }) => title).toSorted()).toEqual(['raced, crowd', 'raced, experts'])
    expect((await changesOf(mail)).filter(({ kind }) => kind !== 'foreign')).toEqual([])
  })
})
