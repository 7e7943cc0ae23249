import { STATUS_CODES } from 'node:http'
import type { Refusal } from './refusal.ts'

/** An error by RFC 9457. @param more further members */
export function problem({ status, message, headers }: Refusal, more: Readonly<Record<string, unknown>> = {}): Response {
  const title = STATUS_CODES[status] ?? 'Error'
  return new Response(JSON.stringify({ type: 'about:blank', title, status, detail: message, ...more }), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  })
}
