import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { trackedHosts } from './tracked-hosts.ts'
import { startProgram, type Running, type Started } from './tracked-program.ts'

const REGISTER = '@groundtrace/instrumentation/register.js'

const { work, server } = trackedHosts('exit', { 'sdk-2': 'lowest', 'sdk-3': 'latest' })

/** What was sent of the one prediction: whether its span and its event came, once, and are of one another. */
function sent({ spans, events }: Pick<Started, 'spans' | 'events'>): readonly string[] {
  const tracked = spans.filter(({ attributes }) => 'groundtrace.tracking_id' in attributes)
  return [
    ...tracked.map(({ attributes }) => `span ${String(attributes['groundtrace.tracking_id'])}`),
    ...events.map(({ attributes }) => `event ${String(attributes['groundtrace.tracking_id'])}`),
  ].map((line) => line.replaceAll(tracked[0]?.spanId ?? 'no span', 'its span'))
}

const ONE = [expect.stringMatching(/^span .*-its span$/), expect.stringMatching(/^event .*-its span$/)]

describe.each([
  ['sdk-2', 'serving-main.cts', 'is started with --require', ['--require', REGISTER], 'started'],
  ['sdk-2', 'serving-main.ts', 'imports it first', [], 'itself'],
  ['sdk-3', 'serving-main.ts', 'is started with --import', ['--import', REGISTER], 'started'],
  ['sdk-3', 'serving-main.cts', 'requires it first', [], 'itself'],
] as const)('on %s, %s, which %s, sends spans and events', (host, program, _, options, how) => {
  /** @param act called once for each line that the program says */
  function run(listener: string, act: Readonly<Record<string, (running: Running) => unknown>>): Promise<Started> {
    const done = new Set<string>()
    return startProgram(join(work, host), {
      options,
      program,
      parameters: [how, server().url, listener],
      onOutput(said, running) {
        for (const line of said.split('\n').slice(0, -1)) {
          if (done.has(line)) continue
          done.add(line)
          act[line]?.(running)
        }
      },
    })
  }

  test('when it ends by itself', async () => {
    const ended = await run('done', {})
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(sent(ended)).toEqual(ONE)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('when %s ends it', async (signal) => {
    const ended = await run('silently', { ready: ({ kill }) => kill(signal) })
    expect(ended).toMatchObject({ code: null, signal, stderr: '' })
    expect(sent(ended)).toEqual(ONE)
  })

  test('when it closes itself on SIGTERM', async () => {
    const ended = await run('closing', { ready: ({ kill }) => kill('SIGTERM') })
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(sent(ended)).toEqual(ONE)
  })

  test('while it takes its time to leave on SIGTERM, which it does as it likes', async () => {
    const ended = await run('exiting', {
      ready: ({ kill }) => kill('SIGTERM'),
      async exiting({ receiver, tell }) {
        const arrived = (): readonly string[] => sent({ spans: receiver.spans(), events: receiver.lines('/v1/logs') })
        try {
          await expect.poll(arrived, { timeout: 20_000 }).toEqual(ONE)
        } finally {
          tell('leave\n')
        }
      },
    })
    expect(ended).toMatchObject({ code: 3, signal: null, stderr: '' })
    expect(sent(ended)).toEqual(ONE)
  })
})
