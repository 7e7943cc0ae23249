import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { versionIn } from './installed-targets.ts'
import { SILERO } from './onnx-file.ts'
import type { ReceivedLog, ReceivedSpan } from './otlp-receiver.ts'
import { trackedHosts } from './tracked-hosts.ts'
import { startProgram, type Started } from './tracked-program.ts'

const REGISTER = '@groundtrace/instrumentation/register.js'
const TEXT = 'Hello from the server'

/** A run of the program, as a user would start it: what it printed, and what arrived. */
interface Run extends Omit<Started, 'stdout'> {
  readonly got: Readonly<Record<string, unknown>>
}

/** Each generation of OpenTelemetry with one end of the versions of the libraries. */
const HOSTS = { 'sdk-2': 'lowest', 'sdk-3': 'latest' } as const

const { work, server } = trackedHosts('zero-code', HOSTS)

async function start(
  folder: string,
  options: readonly string[],
  program: string,
  environment: Readonly<Record<string, string>> = {},
  ...more: readonly string[]
): Promise<Run> {
  const { stdout, ...rest } = await startProgram(folder, {
    options,
    program,
    environment,
    parameters: [server().url, SILERO, ...more],
  })
  if (rest.code !== 0) throw new Error(rest.stderr)
  // Before it stands what the SDK says while it starts, at the debug level.
  return { got: JSON.parse(stdout.split('\n').at(-1) ?? '') as Run['got'], ...rest }
}

const idOf = ({ traceId, spanId }: ReceivedSpan | ReceivedLog): string => `${traceId}-${spanId}`
const ofOurs = ({ attributes }: ReceivedSpan): boolean => 'groundtrace.tracking_id' in attributes

/** What the request says, by OpenTelemetry's conventions for clients of generative models. */
const requested = (): Record<string, unknown> => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'openai.api.type': 'chat_completions',
  'gen_ai.request.temperature': 0.5,
  'gen_ai.request.max_tokens': 64,
  'gen_ai.request.seed': 7,
  'gen_ai.request.stop_sequences': ['!'],
  'server.address': '127.0.0.1',
  'server.port': server().port,
})
const ANSWERED = {
  'gen_ai.response.id': 'chatcmpl-1',
  'gen_ai.response.model': 'gpt-test-2024-07-18',
  'gen_ai.response.finish_reasons': ['stop'],
  'openai.response.service_tier': 'default',
  'openai.response.system_fingerprint': 'fp_1',
}
const USED = { 'gen_ai.usage.input_tokens': 7, 'gen_ai.usage.output_tokens': 4 }
const TASK = { 'groundtrace.task.name': 'answer', 'groundtrace.task.kind': 'generation' }
const MODEL = { 'groundtrace.model.name': 'gpt-test', 'groundtrace.model.version': 'gpt-test-2024-07-18' }

describe.each([
  ['sdk-2', 'main.cts', '--import'],
  ['sdk-2', 'main.ts', '--import'],
  ['sdk-3', 'main.ts', '--import'],
  ['sdk-3', 'main.cts', '--require'],
] as const)('a host on %s, %s started with %s', (host, program, option) => {
  const folder = join(work, host)
  let told: Run

  beforeAll(async () => {
    told = await start(folder, [option, REGISTER], program)
  })

  test('gets from its libraries what it would get without us', async () => {
    const bare = await start(folder, [], program)
    expect(told.got).toEqual(bare.got)
    expect(told.got).toMatchObject({ completion: TEXT, streamed: TEXT, failed: 'NotFoundError', undeclared: TEXT })
    expect(told.stderr).toBe('')
    expect([bare.events, bare.spans]).toEqual([[], []])
  })

  test('sends a span for each prediction, with every attribute', () => {
    const [whole, streamed, failed, undeclared, session, ...others] = told.spans.filter(ofOurs)
    expect(others).toEqual([])
    expect(whole).toMatchObject({ name: 'chat gpt-test', kind: 3, status: { code: 0 } }) // CLIENT, UNSET
    expect(whole?.attributes).toEqual({
      'groundtrace.tracking_id': idOf(whole as ReceivedSpan),
      ...requested(),
      'gen_ai.request.model': 'gpt-test',
      ...ANSWERED,
      ...USED,
      ...TASK,
      ...MODEL,
    })
    expect(streamed?.attributes).toEqual({
      'groundtrace.tracking_id': idOf(streamed as ReceivedSpan),
      ...requested(),
      'gen_ai.request.model': 'gpt-test',
      'gen_ai.request.stream': true,
      'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
      ...ANSWERED,
      ...TASK,
      ...MODEL,
    })
    expect(failed).toMatchObject({ name: 'chat missing', status: { code: 2 }, events: ['exception'] }) // ERROR
    expect(failed?.attributes).toEqual({
      'groundtrace.tracking_id': idOf(failed as ReceivedSpan),
      ...requested(),
      'gen_ai.request.model': 'missing',
      'error.type': 'NotFoundError',
    })
    expect(undeclared?.attributes).toEqual({
      'groundtrace.tracking_id': idOf(undeclared as ReceivedSpan),
      ...requested(),
      'gen_ai.request.model': 'other',
      ...ANSWERED,
      ...USED,
    })
    expect(session).toMatchObject({ name: 'predict silero', kind: 1 }) // INTERNAL
    expect(session?.attributes).toEqual({
      'groundtrace.tracking_id': idOf(session as ReceivedSpan),
      'groundtrace.task.name': 'speech',
      'groundtrace.task.kind': 'binary',
      'groundtrace.model.name': 'silero',
      'groundtrace.model.version': '5',
    })
  })

  test('sends an event for each declared prediction, with the ID of its span', () => {
    const spans = told.spans.filter(ofOurs).map(idOf)
    const speech = Number(told.got['speech'])
    const latency = { 'groundtrace.prediction.latency': expect.any(Number) as number }
    expect(told.events.map(({ attributes }) => attributes)).toEqual([
      { 'groundtrace.tracking_id': spans[0], ...TASK, ...MODEL, ...latency, 'groundtrace.prediction.value': TEXT },
      { 'groundtrace.tracking_id': spans[1], ...TASK, ...MODEL, ...latency, 'groundtrace.prediction.value': TEXT },
      {
        'groundtrace.tracking_id': spans[4],
        'groundtrace.task.name': 'speech',
        'groundtrace.task.kind': 'binary',
        'groundtrace.task.classes': ['silence', 'speech'],
        'groundtrace.model.name': 'silero',
        'groundtrace.model.version': '5',
        ...latency,
        'groundtrace.prediction.value': speech < 0.5 ? 'silence' : 'speech',
        'groundtrace.prediction.scores': { silence: 1 - speech, speech },
      },
    ])
    expect(told.events.map(idOf)).toEqual([spans[0], spans[1], spans[4]])
    expect(told.events[0]).toMatchObject({ resource: { 'service.name': 'targets' } })
  })
})

describe.each(Object.keys(HOSTS))('a host on %s that sets up OpenTelemetry in code', (host) => {
  test.each([
    ['registered.ts', 'registerInstrumentations'],
    ['registered.ts', 'NodeSDK'],
    ['registered.cts', 'registerInstrumentations'],
    ['registered.cts', 'NodeSDK'],
  ])('in %s, tracks by %s until it is unregistered', async (program, way) => {
    const { got, spans, events, stderr } = await start(join(work, host), [], program, {}, way)
    expect(stderr).toBe('')
    expect(got['tracked']).toEqual(got['untracked'])
    expect(got['tracked']).toMatchObject({ completion: TEXT, streamed: TEXT })
    const tracked = spans.filter(ofOurs)
    expect(tracked.map(({ name }) => name)).toEqual([
      'chat gpt-test',
      'chat gpt-test',
      'chat missing',
      'chat other',
      'predict silero',
    ])
    expect(events.map(idOf)).toEqual([0, 1, 4].map((index) => idOf(tracked[index] as ReceivedSpan)))
  })
})

describe('what it says and does in other hosts', () => {
  const folder = join(work, 'sdk-3')

  test('with OTEL_LOG_LEVEL=debug it tells what it patched', async () => {
    const { stderr, got } = await start(folder, ['--import', REGISTER], 'main.ts', { OTEL_LOG_LEVEL: 'debug' })
    const version = (name: string): string => versionIn(folder, name).replaceAll('.', '\\.')
    expect(stderr).toMatch(new RegExp(`openai ${version('openai')}: tracks Completions.create, Responses.create`))
    expect(stderr).toMatch(new RegExp(`onnxruntime-node ${version('onnxruntime-node')}: tracks InferenceSession.run`))
    expect(got['completion']).toBe(TEXT)
  })

  test('without an SDK there are no spans, and every event', async () => {
    const environment = { OTEL_SDK_DISABLED: 'true' }
    const { events, spans, stderr } = await start(folder, ['--import', REGISTER], 'main.ts', environment)
    expect([spans, stderr]).toEqual([[], ''])
    expect(new Set(events.map(idOf)).size).toBe(3)
  })

  test('at 0 % sampling there are no spans, and every event', async () => {
    const environment = { OTEL_TRACES_SAMPLER: 'always_off' }
    const { events, spans } = await start(folder, ['--import', REGISTER], 'main.ts', environment)
    expect(spans).toEqual([])
    expect(new Set(events.map(idOf)).size).toBe(3)
  })

  test('with a configuration that is not to be had it says so, and the service runs', async () => {
    const environment = { GROUNDTRACE_CONFIG: 'absent.ts' }
    const { got, stderr, events } = await start(folder, ['--import', REGISTER], 'main.ts', environment)
    expect(got['completion']).toBe(TEXT)
    expect(stderr).toMatch(/GROUNDTRACE_ZERO_CODE.*runs without its configuration: GROUNDTRACE_CONFIG names absent\.ts/)
    expect(stderr).toMatch(/Name a module by its path from the working directory/)
    expect(events).toEqual([])
  })
})
