import * as semconv from '@groundtrace/core/semconv'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { SILERO } from './onnx-file.ts'
import { trackedHosts } from './tracked-hosts.ts'
import { startProgram, type Started } from './tracked-program.ts'

const README = join(import.meta.dirname, '../../packages/instrumentation/README.md')

/** A table of attributes, and what carries them: spans whose names begin so, or events of a name. */
interface Table {
  readonly carrier: string
  readonly kind: string
  readonly name: string
  readonly attributes: readonly string[]
}

/** The names of a cell: `a.b`, and `.c` for `a.c` behind it. */
function namesOf(cell: string): readonly string[] {
  const names = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
  const [first = ''] = names
  return names.map((name) => (name.startsWith('.') ? `${first.slice(0, first.lastIndexOf('.'))}${name}` : name))
}

/** The tables of the section. Before each stands what it is of: "Span `predict {model name}`", "Event `x`". */
function tablesOf(page: string): readonly Table[] {
  const section = page.split(/^## /m).find((part) => part.startsWith('Semantic Conventions')) ?? ''
  const tables: Table[] = []
  let carrier: RegExpExecArray | null = null
  for (const block of section.split(/\n{2,}/)) {
    carrier = /^(Span|Event) `([^`{]+)/.exec(block) ?? carrier
    if (!block.startsWith('| attribute')) continue
    const [, kind = '', start = ''] = carrier ?? []
    const name = start.trim()
    const rows = block.split('\n').slice(2)
    const attributes = rows.flatMap((row) => namesOf(row.split('|')[1] ?? ''))
    tables.push({ carrier: `${kind} ${name}`, kind, name, attributes })
  }
  return tables
}

const TABLES = tablesOf(readFileSync(README, 'utf8'))
const { work, server } = trackedHosts('conventions', { 'sdk-2': 'latest', 'sdk-3': 'latest' })

/** Every name of an attribute that was received on what a table is of. */
function received({ kind, name }: Table, { spans, events }: Started): readonly string[] {
  const carriers =
    kind === 'Span'
      ? spans.filter((span) => span.name.startsWith(name))
      : events.filter((event) => event.eventName === name)
  return [...new Set(carriers.flatMap(({ attributes }) => Object.keys(attributes)))]
}

test('the README has tables of what is on spans and events', () => {
  expect(TABLES.map(({ carrier }) => carrier)).toEqual(
    expect.arrayContaining(['Span predict', 'Event groundtrace.prediction', 'Span chat', 'Span feedback']),
  )
})

describe.each(['sdk-2', 'sdk-3'])('a host on %s sends, by its own OTLP exporters,', (host) => {
  let told: Started
  beforeAll(async () => {
    told = await startProgram(join(work, host), {
      options: ['--import', '@groundtrace/instrumentation/register.js'],
      program: 'conventions.ts',
      parameters: [server().url, SILERO],
    })
  })

  test('from a program that runs as it should,', () => {
    expect(told).toMatchObject({ stderr: '', code: 0 })
  })

  test.each(TABLES)('every attribute that the README tells of $carrier', (table) => {
    expect(received(table, told).toSorted()).toEqual(expect.arrayContaining([...table.attributes]))
  })

  test.each(TABLES)('and no other of $carrier', (table) => {
    const others = TABLES.filter(({ carrier }) => carrier === table.carrier).flatMap(({ attributes }) => attributes)
    const also = table.kind === 'Event' ? TABLES.flatMap(({ attributes }) => attributes) : []
    const known = new Set([...others, ...also])
    expect(received(table, told).filter((name) => !known.has(name))).toEqual([])
  })

  // What docs/wire.md explains; a test of core proves that it names them all.
  test.each(Object.entries(semconv).filter(([constant]) => constant.startsWith('ATTR_')))('%s', (_, name) => {
    const carriers = [...told.spans, ...told.logs].filter(({ attributes }) => attributes[name] !== undefined)
    expect(carriers.length).toBeGreaterThan(0)
  })

  test('and no word of a message on a span', () => {
    expect(
      told.events.some(({ attributes }) => attributes['groundtrace.prediction.value'] === 'Hello from the server'),
    ).toBe(true)
    expect(JSON.stringify(told.spans)).not.toMatch(/hello|Hello/)
  })

  test('what was asked of a model, and what it said of itself, with the values that they had', () => {
    const chats = told.spans.filter(({ name }) => name.startsWith('chat '))
    const usage = {
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 4,
      'gen_ai.usage.cache_read.input_tokens': 5,
      'gen_ai.usage.cache_creation.input_tokens': 2,
      'gen_ai.usage.reasoning.output_tokens': 3,
    }
    expect(chats.map(({ attributes }) => attributes)).toMatchObject([
      { 'groundtrace.prediction.parent': expect.any(String) as string },
      {
        'openai.api.type': 'chat_completions',
        'gen_ai.request.choice.count': 2,
        'gen_ai.request.frequency_penalty': 0.1,
        'gen_ai.request.presence_penalty': 0.2,
        'gen_ai.request.max_tokens': 64,
        'gen_ai.request.seed': 7,
        'gen_ai.request.stop_sequences': ['!'],
        'gen_ai.request.temperature': 0.5,
        'gen_ai.request.top_p': 0.9,
        'gen_ai.output.type': 'json',
        'openai.request.service_tier': 'default',
        'gen_ai.response.finish_reasons': ['stop', 'stop'],
      },
      { 'gen_ai.request.model': 'thinking', 'gen_ai.request.stream': true, ...usage },
      { 'gen_ai.request.model': 'missing', 'error.type': 'NotFoundError' },
      {
        'openai.api.type': 'responses',
        'gen_ai.conversation.id': 'conv_1',
        'gen_ai.output.type': 'text',
        'gen_ai.response.id': 'resp_1',
        'gen_ai.response.finish_reasons': ['completed'],
        ...usage,
      },
      {
        'openai.api.type': 'responses',
        'gen_ai.request.stream': true,
        'gen_ai.response.time_to_first_chunk': expect.any(Number) as number,
      },
      { 'gen_ai.request.model': 'failing', 'error.type': 'server_error' },
    ])
  })
})
