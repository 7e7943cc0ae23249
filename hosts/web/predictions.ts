import { defineTask } from '@groundtrace/core'
import { tracePrediction } from '@groundtrace/instrumentation'

const task = defineTask({ name: 'length', kind: 'regression' })
const model = { name: 'ruler', version: '1' }

/** Lets other requests go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const measure = tracePrediction(
  async (text: string) => {
    await turn()
    return text.length
  },
  { task, model, describe: (value) => ({ value }) },
)

const measureAll = tracePrediction(
  async (rows: number) => {
    await turn()
    return rows
  },
  { task, model, rows: (rows) => rows, describe: (value) => ({ value }) },
)

const measureTwice = tracePrediction(async (text: string) => [await measure(text), await measure(text)], {
  task,
  model,
  describe: () => ({ value: 0 }),
})

const spell = tracePrediction(
  async function* (text: string) {
    for (const letter of text) {
      await turn()
      yield letter
    }
  },
  {
    task: defineTask({ name: 'spelling', kind: 'generation' }),
    model,
    describe: (_, { items }) => ({ value: items.join('') }),
  },
)

async function one(): Promise<string> {
  return (await measure('one')).trackingId
}

async function batch(rows: number): Promise<readonly string[]> {
  const { trackingIds } = await measureAll(rows)
  return rows === 0 ? [] : [`${trackingIds[0]?.replace(/-0$/, '')};rows=${rows}`]
}

/** What a handler may predict, and what its header must say then: the expected values, in order. */
export const PREDICTIONS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  none: async () => [],
  one: async () => [await one()],
  two: async () => [await one(), await one()],
  async nested() {
    const { value, trackingId } = await measureTwice('nested')
    return [trackingId, ...value.map((member) => member.trackingId)]
  },
  batch: () => batch(3),
  'batch-of-none': () => batch(0),
  'batch-of-100000': () => batch(100_000),
  async many() {
    const ids: string[] = []
    for (let made = 0; made < 40; made += 1) ids.push(await one())
    return ids.slice(0, 16)
  },
}

/** A prediction that is a stream of letters, and its tracking ID. */
export async function spelled(text: string): Promise<{ readonly letters: AsyncIterable<string>; readonly id: string }> {
  const { value, trackingId } = await spell(text)
  return { letters: value, id: trackingId }
}

export async function predict(name: string | undefined): Promise<readonly string[]> {
  return (await PREDICTIONS[name ?? '']?.()) ?? []
}
