/** What a stub of the server answers to one request: a body as JSON, or a whole answer. */
export type StubAnswer = (request: Request, count: number) => unknown

export interface StubFetch {
  readonly fetch: (request: Request) => Promise<Response>
  /** Requests that were sent. */
  readonly requests: Request[]
}

export const json = (value: unknown, status = 200): Response => new Response(JSON.stringify(value), { status })

/** Stands in for the network, for faults that a real server can't be made to show. */
export function stubFetch(answer: StubAnswer): StubFetch {
  const requests: Request[] = []
  return {
    requests,
    async fetch(request) {
      requests.push(request)
      const answered = await answer(request, requests.length)
      if (answered instanceof Error) throw answered
      return answered instanceof Response ? answered : json(answered)
    },
  }
}

/** A task as the server writes it. */
export function stubTask(id: number, project = 7): Record<string, unknown> {
  const time = '2026-11-24T06:26:40.861425Z'
  return {
    id,
    project,
    data: { text: 'a' },
    created_at: time,
    updated_at: time,
    is_labeled: false,
    annotations: [],
    drafts: [],
    predictions: [],
  }
}

export const URL_OF_STUB = 'http://label-studio.test'
export const LEGACY_TOKEN = '0123456789abcdef0123456789abcdef01234567'
