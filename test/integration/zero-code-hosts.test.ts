import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ReceivedLog, ReceivedSpan } from './otlp-receiver.ts'
import { trackedHosts } from './tracked-hosts.ts'
import { startProgram, type Started } from './tracked-program.ts'

const REGISTER = '@groundtrace/instrumentation/register.js'

const { work, server } = trackedHosts('zero-code-hosts', { 'sdk-2': 'lowest', 'sdk-3': 'latest' })

/** Starts the service that asks a model once, and ends. */
const start = (
  host: string,
  environment: Readonly<Record<string, string>> = {},
  options: readonly string[] = ['--import', REGISTER],
): Promise<Started> =>
  startProgram(join(work, host), {
    options,
    program: 'serving-main.ts',
    parameters: ['started', server().url, 'done'],
    environment,
  })

const idOf = ({ traceId, spanId }: ReceivedSpan | ReceivedLog): string => `${traceId}-${spanId}`

describe.each(['sdk-2', 'sdk-3'])('a host on %s', (host) => {
  test('is named on spans as the standard variables say', async () => {
    const { spans, stderr } = await start(host, { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' })
    expect(stderr).toBe('')
    expect(spans.map(({ resource }) => resource)).toMatchObject([
      { 'service.name': 'targets', 'deployment.environment.name': 'test' },
    ])
  })

  test('that started an SDK of its own keeps that one, and has each span once', async () => {
    const options = ['--import', './targets/own-sdk.ts', '--import', REGISTER]
    const { spans, events, stderr } = await start(host, {}, options)
    expect(stderr).toBe('')
    expect(spans).toHaveLength(1)
    expect(spans.map(idOf)).toEqual(events.map(idOf))
  })
})

/** A copy of a host, without one of its packages. */
function without(name: string): string {
  const host = `without-${name.replace(/\W/g, '-')}`
  cpSync(join(work, 'sdk-3'), join(work, host), { recursive: true, verbatimSymlinks: true })
  rmSync(join(work, host, 'node_modules', name), { recursive: true })
  return host
}

describe('a host that has no', () => {
  test('@opentelemetry/sdk-node gets events, and no spans', async () => {
    const host = without('@opentelemetry/sdk-node')
    const { spans, events, stderr, code } = await start(host, { OTEL_LOG_LEVEL: 'debug' })
    expect([spans, events.length, code]).toEqual([[], 1, 0])
    expect(stderr).toContain(
      'groundtrace: @opentelemetry/sdk-node is not installed: tracking IDs and events, but no spans',
    )
  })

  test('@opentelemetry/instrumentation is told so, and runs', async () => {
    const { stdout, events, stderr, code } = await start(without('@opentelemetry/instrumentation'))
    expect([events, stdout, code]).toEqual([[], 'ready\n', 0])
    expect(stderr).toMatch(/GROUNDTRACE_ZERO_CODE.*needs @opentelemetry\/instrumentation, which is not installed/)
  })
})

describe('a host whose configuration', () => {
  test.each([
    ['is no object', 'export default 1', /exports no configuration/],
    ['is not one that can work', 'export default { openai: [{}] }', /openai\[0\]: task is no task/],
    ['has to be waited for', 'export default await {}', /own\.config\.ts.*it has a top-level await\. Export/],
    ['throws', 'throw new Error("no secrets here")', /own\.config\.ts.*Error: no secrets here\. Name a module/],
    ['asks for what is missing', 'import "not-there"', /own\.config\.ts.*'not-there'.* Name a module/],
  ])('%s is told so, and runs without it', async (_, code, message) => {
    writeFileSync(join(work, 'sdk-3/targets/own.config.ts'), code)
    const ended = await start('sdk-3', { GROUNDTRACE_CONFIG: 'targets/own.config.ts' })
    expect(ended.stderr).toMatch(/GROUNDTRACE_ZERO_CODE.*runs without its configuration/)
    expect(ended.stderr).toMatch(message)
    expect([ended.stdout, ended.events, ended.code]).toEqual(['ready\n', [], 0])
    expect(ended.spans.map(({ name }) => name)).toEqual(['chat gpt-test'])
  })
})
