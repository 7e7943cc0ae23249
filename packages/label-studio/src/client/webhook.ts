/** What can be set of a webhook. */
export interface WebhookSettings {
  readonly url: string
  /** Sent with every event: the place for a shared secret. Every member can read them. Default none. */
  readonly headers?: Readonly<Record<string, string>>
  /** The event says what it is about. Default true. */
  readonly sendPayload?: boolean
  /** Names of events such as `ANNOTATION_CREATED`. Default all of them. */
  readonly actions?: readonly string[] | 'all'
  /** Default true. */
  readonly isActive?: boolean
}

/** A webhook as the server has it. */
export interface Webhook extends Required<WebhookSettings> {
  readonly id: number
  readonly project: number
  /** Moves with every change, also with one that changes nothing: to change one is to ask the server for its time. */
  readonly updatedAt: string
}
