import { defineTask, formatTrackingId } from '@groundtrace/core'
import { describe, expect, it } from 'vitest'
import { createMlBackend, type MlBackendOptions } from '../../src/ml-backend/ml-backend.ts'
import type { Served } from '../../src/ml-backend/pre-annotation.ts'

const TASK = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam & more'] })
const PATH_SECRET = 'a0b1c2d3e4f5a0b1c2d3e4f5a0b1c2d3'
const BASE = `http://localhost/label-studio/ml/${PATH_SECRET}`
const CONFIG =
  '<View><Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="ham"/><Choice value="spam &amp; more"/></Choices></View>'
const TOKEN = 'the-token-of-the-administrator'

const idOf = (number: number) =>
  formatTrackingId({ traceId: number.toString(16).padStart(32, '1'), spanId: number.toString(16).padStart(16, '2') })

/** A backend over a model that says spam of what holds the word; its predictions are numbered. */
function backend(options: Partial<MlBackendOptions> = {}) {
  const served: Served[] = []
  const troubles: string[] = []
  let predictions = 0
  const handle = createMlBackend({
    task: TASK,
    modelVersion: () => 'filter/1',
    pathSecret: PATH_SECRET,
    control: { fromName: 'label', toName: 'text' },
    predict: async ({ text }) => {
      predictions += 1
      if (text === 'broken') throw new Error(`no answer`)
      return {
        value: String(text).includes('offer') ? 'spam & more' : 'ham',
        trackingId: idOf(predictions),
        score: 0.75,
      }
    },
    onServed: (one) => void served.push(one),
    onTrouble: ({ operation, error }) => troubles.push(`${operation}: ${String(error)}`),
    ...options,
  })
  const call = async (operation: string, body?: unknown, base = BASE) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const response = await handle(new Request(`${base}/${operation}`, init))
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { call, handle, served, troubles, predictions: () => predictions }
}

const task = (id: number, text: unknown, key = `key-${id}`) => ({
  id,
  project: 9,
  data: { text, groundtrace_key: key },
  meta: {},
  annotations: [],
})

describe('the ML backend', () => {
  it('answers as Label Studio reads it: one list a task, in order, with the region of the choice', async () => {
    const { call, served } = backend()
    const { status, body } = await call('predict', {
      tasks: [task(1, 'an offer'), task(2, 'dear mother')],
      project: '9.1',
    })
    expect(status).toBe(200)
    expect(body['results']).toMatchObject([
      [
        {
          model_version: 'filter/1',
          score: 0.75,
          result: [{ from_name: 'label', to_name: 'text', type: 'choices', value: { choices: ['spam & more'] } }],
        },
      ],
      [{ result: [{ value: { choices: ['ham'] } }] }],
    ])
    expect(served).toMatchObject([
      { key: 'key-1', project: 9, task: 1, prediction: idOf(1), value: 'spam & more', blind: false },
      { key: 'key-2', project: 9, task: 2, prediction: idOf(2), value: 'ham', blind: false },
    ])
    expect(JSON.stringify(body)).not.toContain(idOf(1))
  })

  it('makes one prediction of a task and version, however often it is asked', async () => {
    const { call, served, predictions } = backend()
    const first = await call('predict', { tasks: [task(1, 'an offer')] })
    expect((await call('predict', { tasks: [task(1, 'an offer')] })).body).toEqual(first.body)
    expect(predictions()).toBe(1)
    expect(served).toHaveLength(1)
  })

  it('shows of a task what was predicted from its own data, whatever was asked under its key before', async () => {
    const { call } = backend()
    const choices = async (text: string) => {
      const { results } = (await call('predict', { tasks: [task(1, text)] })).body
      return JSON.stringify(results).includes('spam & more')
    }
    expect([await choices('an offer'), await choices('dear mother')]).toEqual([true, false])
  })

  it('keeps a drawn share blind: predicted and told, never shown, the same tasks every time', async () => {
    const share = 0.3
    const { call, served } = backend({ blind: { share, secret: 'sixteen bytes or more' } })
    const tasks = Array.from({ length: 900 }, (_, at) => task(at + 1, 'dear mother'))
    const { body } = await call('predict', { tasks })
    const shown = (body['results'] as unknown[][]).map((result) => result.length > 0)
    expect(served.map(({ blind }) => blind)).toEqual(shown.map((one) => !one))
    const blind = served.filter((one) => one.blind).length
    // Five standard deviations of a binomial of 900 at 0.3.
    expect(Math.abs(blind - 900 * share)).toBeLessThan(5 * Math.sqrt(900 * share * (1 - share)))
    const again = backend({ blind: { share, secret: 'sixteen bytes or more' } })
    expect((await again.call('predict', { tasks })).body['results']).toEqual(body['results'])
  })

  it('loses the pre-annotation of what fails, and none beside it', async () => {
    const { call, troubles } = backend()
    const { status, body } = await call('predict', {
      tasks: [task(1, 'broken'), null, { id: 'x' }, task(2, 'dear mother')],
    })
    expect(status).toBe(200)
    expect((body['results'] as unknown[][]).map(({ length }) => length)).toEqual([0, 0, 0, 1])
    expect(troubles).toEqual(['predict: Error: no answer'])
  })

  it.each([
    ['a class that is none', { value: 'other', trackingId: idOf(1) }, /no class of spam/],
    ['no tracking ID', { value: 'ham' }, /trackingId is none/],
    ['a score above 1', { value: 'ham', trackingId: idOf(1), score: 2 }, /score/],
  ])('refuses a model that answers %s', async (_, answer, message) => {
    const { call, troubles } = backend({ predict: async () => answer as never })
    expect((await call('predict', { tasks: [task(1, 'x')] })).body).toEqual({ results: [[]] })
    expect(troubles[0]).toMatch(message)
  })

  it('says its version where Label Studio asks, and whether a label config fits', async () => {
    const { call, handle } = backend()
    const health = await handle(new Request(`${BASE}/health`))
    expect(await health.json()).toEqual({ status: 'UP', model_version: 'filter/1' })
    expect((await call('setup', { project: '9.1', schema: CONFIG, access_token: TOKEN })).body).toEqual({
      model_version: 'filter/1',
    })
    expect((await call('validate', { config: CONFIG })).body).toEqual({ valid: true })
    const misfit = await call('setup', { schema: CONFIG.replace('"ham"', '"other"'), access_token: TOKEN })
    expect(misfit.status).toBe(400)
    expect(misfit.body['detail']).toMatch(/lacks ="ham"/)
    const versions = await handle(new Request(`${BASE}/versions`))
    expect(await versions.json()).toEqual({ versions: ['filter/1'] })
  })

  it('is not there for who does not know the path, and says nothing of what it was sent', async () => {
    const { call, handle, troubles } = backend()
    const elsewhere = await call(
      'predict',
      { tasks: [task(1, 'an offer')] },
      'http://localhost/label-studio/ml/guessed',
    )
    expect(elsewhere).toEqual({
      status: 404,
      body: { type: 'about:blank', status: 404, detail: 'Nothing is served here.' },
    })
    expect((await call('train', {})).status).toBe(404)
    expect(await call('webhook', { action: 'START_TRAINING', project: { token: TOKEN } })).toEqual({
      status: 201,
      body: { status: 'ignored' },
    })
    const answers = await Promise.all(
      ['setup', 'predict', 'validate'].map(async (operation) => {
        const response = await handle(
          new Request(`${BASE}/${operation}`, { method: 'POST', body: `{"access_token":"${TOKEN}"` }),
        )
        return { status: response.status, text: await response.text() }
      }),
    )
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
    expect(answers.filter(({ text }) => text.includes(TOKEN))).toEqual([])
    expect(troubles).toEqual([])
  })

  it.each([
    [{ pathSecret: 'short' }, /pathSecret/],
    [{ task: defineTask({ name: 'price', kind: 'regression' }) }, /no classes/],
    [{ blind: { share: 1, secret: 'sixteen bytes or more' } }, /blind\.share/],
    [{ blind: { share: 0.1, secret: 'short' } }, /secret has 5 bytes/],
    [{ control: { fromName: '', toName: 'text' } }, /control/],
  ])('refuses options that make no sense: %j', (options, message) => {
    expect(() => backend(options)).toThrow(message)
  })
})
