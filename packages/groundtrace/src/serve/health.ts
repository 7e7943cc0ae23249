import type { Register } from '@groundtrace/core'
import type { Handler } from './routes.ts'

/** Longest that the register may take to answer, in milliseconds. */
const PATIENCE_MS = 2000

const text = (status: number, body: string): Response =>
  new Response(`${body}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } })

/** The process is alive. */
export const healthz: Handler = async () => text(200, 'ok')

async function answers(register: Register): Promise<boolean> {
  const late = Promise.withResolvers<boolean>()
  const clock = setTimeout(() => late.resolve(false), PATIENCE_MS)
  const answered = register.totals().then(
    () => true,
    () => false,
  )
  const answer = await Promise.race([answered, late.promise])
  clearTimeout(clock)
  return answer
}

/** The server takes lines: it is not about to end, and its register answers. */
export function readyz(register: Register, isStopping: () => boolean): Handler {
  return async () => {
    if (isStopping()) return text(503, 'stopping')
    return (await answers(register)) ? text(200, 'ok') : text(503, 'the register does not answer')
  }
}
