import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { trackedHosts } from './tracked-hosts.ts'
import { startProgram, type Started } from './tracked-program.ts'

const REGISTER = '@groundtrace/instrumentation/register.js'
const TEXT = 'Hello from the server'

const { work, server } = trackedHosts('loading', { 'sdk-2': 'lowest', 'sdk-3': 'latest' })

const start = (host: string, program: string, ...parameters: readonly string[]): Promise<Started> =>
  startProgram(join(work, host), { options: ['--import', REGISTER], program, parameters })

const trackingIds = (told: readonly { readonly attributes: Readonly<Record<string, unknown>> }[]): readonly unknown[] =>
  told.map(({ attributes }) => attributes['groundtrace.tracking_id']).filter((id) => id !== undefined)

describe.each(['sdk-2', 'sdk-3'])('a host on %s', (host) => {
  // Arize-ai/openinference#3557: whichever build of a library came first kept the other from being patched.
  test('tracks a library that is there twice, imported and required', async () => {
    const { stdout, stderr, spans, events } = await start(host, 'both-builds.ts', server().url)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({ areTwo: true, said: [TEXT, TEXT] })
    expect(new Set(trackingIds(events)).size).toBe(2)
    expect(trackingIds(spans)).toEqual(trackingIds(events))
  })

  test('tracks what is asked in a thread of its own, and sends it when that ends', async () => {
    const { stdout, stderr, spans, events } = await start(host, 'in-worker.ts', server().url)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual({ said: TEXT })
    expect(trackingIds(events)).toHaveLength(1)
    expect(trackingIds(spans)).toEqual(trackingIds(events))
  })
})

describe('with OTEL_LOG_LEVEL=debug it tells', () => {
  const folder = join(work, 'refusing')
  const environment = { OTEL_LOG_LEVEL: 'debug', OTEL_SDK_DISABLED: 'true' }
  const load = (...modules: readonly string[]): Promise<Started> =>
    startProgram(folder, { options: ['--import', REGISTER], program: 'loading.ts', parameters: modules, environment })

  beforeAll(() => {
    cpSync(join(work, 'sdk-3'), folder, { recursive: true, verbatimSymlinks: true })
    install('openai', '3.3.0', 'exports.OpenAI = class {}')
    install(
      'onnxruntime-node',
      '1.20.0',
      'exports.InferenceSession = Object.freeze(class { static create() {} run() {} })',
    )
  })

  /** A package of a form that the library never had, or has no more. */
  function install(name: string, version: string, code: string): void {
    const place = join(folder, 'node_modules', name)
    rmSync(place, { recursive: true, force: true })
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name, version, main: 'index.cjs' }))
    writeFileSync(join(place, 'index.cjs'), code)
  }

  test('which version of a library is not tracked, and which are', async () => {
    const { stderr, code } = await load('openai')
    expect(stderr).toMatch(/openai 3\.3\.0: not tracked, supported is >=4\.19\.0 <8$/m)
    expect(stderr).not.toMatch(/onnxruntime-node .*not tracked/)
    expect(code).toBe(0)
  })

  test('that a library of a supported version is not what it was', async () => {
    const { stderr, code } = await load('onnxruntime-node')
    expect(stderr).toMatch(/onnxruntime-node: cannot track InferenceSession\.create$/m)
    expect(stderr).toMatch(/onnxruntime-node 1\.20\.0: tracks InferenceSession\.run$/m)
    expect(code).toBe(0)
  })

  test('which libraries were never loaded', async () => {
    const { stderr, code } = await load('node:fs')
    expect(stderr).toMatch(/^groundtrace: openai >=4\.19\.0 <8 was never loaded$/m)
    expect(stderr).toMatch(/^groundtrace: onnxruntime-node >=1\.17\.0 <2 was never loaded$/m)
    expect(code).toBe(0)
  })

  test('nothing without it, and the service runs', async () => {
    const { stderr, code } = await startProgram(folder, {
      options: ['--import', REGISTER],
      program: 'loading.ts',
      parameters: ['openai', 'onnxruntime-node'],
      environment: { OTEL_SDK_DISABLED: 'true' },
    })
    expect([stderr, code]).toEqual(['', 0])
  })
})
