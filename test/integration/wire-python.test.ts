import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { defineTask, feedbackId, keyedHash, parseTrackingId, trackingId } from '@groundtrace/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasPython, PYTHON_BINARY } from '../services/python.ts'
import { startReceiver, type RunningReceiver } from '../services/receiver.ts'

const run = promisify(execFile)
const page = readFileSync(join(import.meta.dirname, '../../docs/wire.md'), 'utf8')
const TOKEN = 'a-token-of-the-test-0123456789'
const SECRET = 'the secret of all replicas'

/** The one block of the page that is Python, as it stands there. */
function exampleOf(text: string): string {
  const blocks = [...text.matchAll(/^```python\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '')
  if (blocks.length !== 1) throw new Error(`docs/wire.md has ${blocks.length} Python blocks`)
  return blocks[0] ?? ''
}

describe.skipIf(!hasPython)('the Python example of docs/wire.md, on nothing but the OpenTelemetry SDK', () => {
  const spam = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
  const folder = mkdtempSync(join(tmpdir(), 'groundtrace-python-'))
  let receiver: RunningReceiver
  let stderr = ''
  let answer = ''
  let id = trackingId('0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331')
  let before = 0

  beforeAll(async () => {
    receiver = await startReceiver([spam], { tokens: [TOKEN] })
    const program = join(folder, 'example.py')
    writeFileSync(program, exampleOf(page))
    before = Date.now()
    const ended = await run(PYTHON_BINARY, [program], {
      env: { GROUNDTRACE_LOGS: receiver.logs, GROUNDTRACE_TOKEN: TOKEN, GROUNDTRACE_SECRET: SECRET },
    })
    const [value = '', printed = ''] = ended.stdout.trim().split(' ')
    stderr = ended.stderr
    answer = value
    id = trackingId(printed)
  })
  afterAll(async () => {
    await receiver.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('runs without a word of complaint, and sends protobuf in gzip', () => {
    expect(stderr).toBe('')
    expect(answer).toBe('spam')
    expect(receiver.requests).toMatchObject([{ contentType: 'application/x-protobuf', contentEncoding: 'gzip' }])
    expect(receiver.receiver.counts()).toMatchObject({ requests: { 200: 1 }, lines: { stored: 2, rejected: 0 } })
  })

  test('leaves a prediction with all that it said in the register', async () => {
    const prediction = await receiver.register.prediction(id)
    expect(prediction).toEqual({
      id,
      task: spam,
      model: { name: 'filter', version: '2026-11.1' },
      time: expect.any(Number) as number,
      value: 'spam',
      scores: { ham: 0.25, spam: 0.75 },
      features: { words: 5, known: false },
      slices: { language: 'en' },
      latencySeconds: expect.any(Number) as number,
      entity: 'mail-17',
      user: keyedHash(SECRET).user('bob@example.com'),
      policy: { action: 'block', propensity: 0.125, explored: true },
    })
    expect(prediction?.time).toBeGreaterThanOrEqual(before)
    expect(prediction?.time).toBeLessThanOrEqual(Date.now())
    expect(parseTrackingId(id).row).toBeUndefined()
  })

  test('joins the feedback to it, under the ID that its key derives, and settles it', async () => {
    expect(await receiver.register.feedbackOn(id)).toMatchObject([
      {
        status: 'stored',
        feedback: {
          id: feedbackId('recipient', 'click-1'),
          kind: 'correction',
          label: 'ham',
          source: 'recipient',
          user: keyedHash(SECRET).user('bob@example.com'),
        },
      },
    ])
    expect(await receiver.register.outcomesOf(id)).toMatchObject([{ state: 'settled', label: 'ham' }])
    expect((await receiver.register.totals()).loss).toEqual({})
  })
})
