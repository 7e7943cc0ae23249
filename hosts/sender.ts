/** The part of a logger, of any generation of the OpenTelemetry API, that a sender needs. */
export interface Sender {
  emit(record: {
    readonly eventName: string
    readonly timestamp: number
    readonly attributes: Readonly<Record<string, Attribute>>
  }): void
}

type Attribute = string | number | boolean | Attribute[] | { [key: string]: Attribute }

/**
 * Sends one prediction and a correction of it by nothing but an OpenTelemetry SDK, as docs/wire.md asks of senders.
 * @param about tracking ID of the prediction
 * @param own tracking ID of the feedback
 */
export function sendEvents(logger: Sender, about: string, own: string): void {
  logger.emit({
    eventName: 'groundtrace.prediction',
    timestamp: 1_700_000_000_125,
    attributes: {
      'groundtrace.tracking_id': about,
      'groundtrace.task.name': 'spam',
      'groundtrace.task.kind': 'binary',
      'groundtrace.task.classes': ['ham', 'spam'],
      'groundtrace.model.name': 'filter',
      'groundtrace.model.version': '2026-11.1',
      'groundtrace.prediction.value': 'spam',
      'groundtrace.prediction.scores': { ham: 0.25, spam: 0.75 },
      'groundtrace.prediction.features': { words: 5, known: false, tokens: [1, 2.5, 3], subject: 'Größe, 世界' },
      'groundtrace.prediction.slices': { language: 'de' },
      'groundtrace.prediction.latency': 0.25,
      'groundtrace.entity': 'mail-17',
      'groundtrace.policy.propensity': 1,
      'groundtrace.policy.explored': true,
    },
  })
  logger.emit({
    eventName: 'groundtrace.feedback',
    timestamp: 1_700_003_600_125,
    attributes: {
      'groundtrace.tracking_id': about,
      'groundtrace.feedback.id': own,
      'groundtrace.feedback.kind': 'correction',
      'groundtrace.feedback.source': 'recipient',
      'groundtrace.feedback.label': 'ham',
    },
  })
  logger.emit({ eventName: 'app.login', timestamp: 1_700_000_000_000, attributes: { deep: { a: { b: ['c'] } } } })
}
