import { flagEvaluationEvent, predictionEvent, type Prediction } from '@groundtrace/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { predictions } from './arbitrary.ts'
import { id, predictionOf } from './spam-filter.ts'

const evaluationOf = (prediction: Prediction) => flagEvaluationEvent(predictionEvent(prediction))

// Names and values of OpenTelemetry's semantic conventions for feature flags in events.
test('says the variant as OpenTelemetry says evaluations of flags', () => {
  const prediction = predictionOf('binary', { time: 1_500.25, policy: { variant: 'b', action: 'block' }, user: 'p-1' })
  expect(evaluationOf(prediction)).toEqual({
    eventName: 'feature_flag.evaluation',
    hrTime: [1, 500_250_000],
    attributes: {
      'feature_flag.key': 'spam',
      'feature_flag.result.variant': 'b',
      'feature_flag.result.reason': 'split',
      'feature_flag.provider.name': 'groundtrace',
      'feature_flag.context.id': id(1),
      'groundtrace.tracking_id': id(1),
    },
  })
})

test('is said of predictions with a variant only, and never names the user', () => {
  fc.assert(
    fc.property(predictions, (prediction) => {
      const event = evaluationOf({ ...prediction, user: 'pseudonym' })
      expect(event === undefined).toBe(prediction.policy?.variant === undefined)
      expect(JSON.stringify(event ?? {})).not.toContain('pseudonym')
    }),
  )
})

test.each([[7], [''], [null], [{}], ['x'.repeat(257)]])('a variant of %o is none', (variant) => {
  const event = predictionEvent(predictionOf('binary'))
  const attributes = { ...event.attributes, 'groundtrace.policy.variant': variant }
  expect(flagEvaluationEvent({ ...event, attributes })).toBeUndefined()
})
