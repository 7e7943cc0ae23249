import {
  defineTask,
  feedbackEvent,
  predictionEvent,
  trackingId,
  type Feedback,
  type Prediction,
} from '@groundtrace/core'
import { openSqliteRegister, registerProcessor } from '@groundtrace/register'
import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs'
import { expect, test } from 'vitest'

const task = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
const prediction: Prediction = {
  id: trackingId('0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331'),
  task,
  model: { name: 'filter', version: 'v1' },
  time: Date.UTC(2026, 0, 1) + 0.5,
  value: 'spam',
  scores: { ham: 0.25, spam: 0.75 },
  features: { words: [1, 2, 3], text: 'a prize', loud: true },
  slices: { language: 'en' },
  user: 'pseudonym',
  policy: { action: 'block', propensity: 0.1, explored: true },
}
const feedback: Feedback = {
  id: trackingId('4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7'),
  target: { prediction: prediction.id },
  time: Date.UTC(2026, 0, 2),
  source: 'recipient',
  kind: 'correction',
  label: 'ham',
  comment: 'a newsletter that I read',
}

test('the register takes events from the logs SDK of OpenTelemetry, and passes by what else is logged', async () => {
  const register = openSqliteRegister({ path: ':memory:', tasks: [task] })
  const processor: LogRecordProcessor & ReturnType<typeof registerProcessor> = registerProcessor(register, {
    tasks: [task],
  })
  const provider = new LoggerProvider({ processors: [processor] })
  const logger = provider.getLogger('service')
  logger.emit({ body: 'a line of the service' })
  for (const { eventName, hrTime, attributes } of [predictionEvent(prediction), feedbackEvent(feedback)]) {
    logger.emit({ eventName: eventName ?? '', timestamp: [...hrTime], attributes })
  }
  await provider.forceFlush()
  expect(await register.prediction(prediction.id)).toEqual(prediction)
  expect((await register.feedback(feedback.id))?.feedback).toEqual(feedback)
  expect(await register.outcomesOf(prediction.id)).toMatchObject([{ state: 'settled', label: 'ham', correct: false }])
  await provider.shutdown()
  expect(processor.loss()).toEqual({})
  await register.close()
})
