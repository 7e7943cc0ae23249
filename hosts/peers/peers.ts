import { withSpan } from '@arizeai/openinference-core'
import { observe } from '@langfuse/tracing'
import { Client } from 'langsmith'
import { traceable } from 'langsmith/traceable'

/** Takes runs and sends none of them: no byte leaves the machine, and nothing is serialised, which is cheaper than it is. */
class SwallowingClient extends Client {
  begun = 0

  constructor() {
    super({ apiKey: 'none', apiUrl: 'http://127.0.0.1:9', autoBatchTracing: false })
  }

  override async createRun(): Promise<void> {
    this.begun += 1
  }

  override async updateRun(): Promise<void> {}
}

export interface Peers<Predict> {
  /** The predict function, wrapped by each peer as its documentation shows it. */
  readonly wrapped: Readonly<Record<'@langfuse/tracing' | '@arizeai/openinference-core' | 'langsmith', Predict>>
  /** Runs that langsmith has begun so far. */
  readonly langsmithRuns: () => number
}

/** Wraps a predict function by every peer. Those that make spans do so by the process's tracer provider. */
export function peersOf<Input, Output>(
  predict: (input: Input) => Promise<Output>,
): Peers<(input: Input) => Promise<Output>> {
  const client = new SwallowingClient()
  const traced = traceable((input: unknown) => predict(input as Input), {
    name: 'predict filter',
    client,
    tracingEnabled: true,
  })
  return {
    wrapped: {
      '@langfuse/tracing': observe(predict, { name: 'predict filter' }),
      '@arizeai/openinference-core': withSpan(predict, { name: 'predict filter' }),
      langsmith: (input) => traced(input),
    },
    langsmithRuns: () => client.begun,
  }
}
