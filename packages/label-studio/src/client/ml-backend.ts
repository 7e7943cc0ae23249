/** What can be set of the connection with an ML backend. */
export interface MlBackendSettings {
  readonly url: string
  readonly title: string
  /** Asked while somebody annotates. Default false. */
  readonly isInteractive?: boolean
}

/** The connection of a project with an ML backend, as the server has it. */
export interface MlBackend extends Required<MlBackendSettings> {
  readonly id: number
  readonly project: number
  /** Whether the server could reach it: `CO` connected, `DI` disconnected, `ER` error, and others. */
  readonly state: string
  /** What went wrong last. */
  readonly errorMessage: string | undefined
}
