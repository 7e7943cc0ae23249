import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTrackingId } from '@groundtrace/core'
import { openOutbox } from '@groundtrace/label-studio'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommandLine } from '../run-command-line.ts'

const plan = join(import.meta.dirname, '../../../../docs/annotation/plan.yaml')
const server = { LABEL_STUDIO_URL: 'http://127.0.0.1:9', LABEL_STUDIO_API_KEY: 'a-token-of-nobody' }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'groundtrace-label-studio-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['no server', ['apply', plan], {}, 'No Label Studio is named'],
  ['no token', ['apply', plan, '--url', 'http://127.0.0.1:9'], {}, 'LABEL_STUDIO_API_KEY'],
  ['no secret of the webhook', ['apply', plan], server, 'GROUNDTRACE_WEBHOOK_SECRET is not set'],
  ['no secret to draw with', ['sync', plan, '--once'], server, 'GROUNDTRACE_SECRET is not set'],
  ['no plan', ['sync'], server, "missing required argument 'plan'"],
])('%s is wrong usage, and is told with what to do', async (_, words, environment, told) => {
  const { code, error } = await runCommandLine(['label-studio', ...words], { ...environment })
  expect([code, error]).toEqual([2, expect.stringContaining(told)])
})

test('a plan with mistakes is told of with line and column, before anything is asked of a server', async () => {
  const file = join(folder, 'plan.yaml')
  writeFileSync(file, 'tasks:\n  spam:\n    kind: ternary\n')
  const { code, error } = await runCommandLine(['label-studio', 'apply', file], server)
  expect([code, error]).toEqual([1, expect.stringMatching(/plan\.yaml:3:\d+/)])
})

test.each(['../private.md', 'link.md', '/etc/hostname', 'gone.md'])(
  'the file %s of elsewhere is not read into guidelines, which all annotators see',
  async (name) => {
    writeFileSync(join(folder, 'private.md'), 'the words of a private file')
    const plans = join(folder, 'plans')
    mkdirSync(plans)
    symlinkSync(join(folder, 'private.md'), join(plans, 'link.md'))
    const file = join(plans, 'plan.yaml')
    writeFileSync(file, `tasks:\n  spam:\n    crowd: {}\n    guidelines: { file: ${name} }\n`)
    const { code, out, error } = await runCommandLine(['label-studio', 'apply', file], server)
    expect([code, error]).toEqual([1, expect.stringMatching(/plan\.yaml:4:\d+: .*can't be read/)])
    expect(out + error).not.toContain('the words of')
  },
)

test('a server that is not there is told of, not thrown', async () => {
  const environment = { ...server, GROUNDTRACE_WEBHOOK_SECRET: 's'.repeat(16) }
  const { code, error } = await runCommandLine(['label-studio', 'apply', plan], environment)
  expect([code, error]).toEqual([1, expect.stringContaining('http://127.0.0.1:9')])
})

test('the status of an outbox is in counts, and names no prediction', async () => {
  const path = join(folder, 'outbox.db')
  expect(await runCommandLine(['label-studio', 'status', '--outbox', path])).toMatchObject({ code: 1 })
  const outbox = openOutbox({ path })
  const id = formatTrackingId({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) })
  outbox.units.plan([{ prediction: id, project: 'spam-crowd', reason: 'random', propensity: 0.5 }])
  outbox.gaps.add({ project: 'spam-crowd', kind: 'restored', units: 1, answers: 2, detail: 'It was restored.' })
  try {
    const text = await runCommandLine(['label-studio', 'status', '--outbox', path])
    expect(text.out).toMatch(/spam-crowd +planned +random +1/)
    expect(text.out).toContain('1 units, 2 answers. It was restored.')
    const json = await runCommandLine(['label-studio', 'status', '--outbox', path, '--json'])
    expect(JSON.parse(json.out)).toMatchObject({
      units: [{ project: 'spam-crowd', state: 'planned', reason: 'random', units: 1 }],
      gaps: [{ kind: 'restored' }],
    })
    expect(text.out + json.out).not.toContain('aaaa')
  } finally {
    outbox.close()
  }
})
