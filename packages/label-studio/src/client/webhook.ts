/** What can be set of a webhook. */
export interface WebhookSettings {
  readonly url: string
  /** Sent with every event: the place for a shared secret. Every member can read them. Default none. */
  readonly headers?: Readonly<Record<string, string>>
  /** The event says what it is about, and more than that: see `sendPayload` in the README. Default true. */
  readonly sendPayload?: boolean
  /** Names of events such as `ANNOTATION_CREATED`; all of them when not given. */
  readonly actions?: readonly string[]
  /** Default true. */
  readonly isActive?: boolean
}

/** A webhook as the server has it. */
export interface Webhook extends Required<Omit<WebhookSettings, 'actions'>> {
  readonly id: number
  readonly project: number
  /** Undefined: all events. */
  readonly actions: readonly string[] | undefined
}
