import { applyIn } from '../active-context.ts'
import { attempt } from '../attempt.ts'
import { watchPromise } from './openai/promise.ts'
import type { OpenAiApi } from './openai/request.ts'
import { startRequest } from './openai/tracked-request.ts'
import { at, type PatchPoint, type Target } from './target.ts'

/** Chat completions and responses of `openai`, whole or as streams, and all helpers that are made of them. */
export const openai: Target = {
  module: 'openai',
  versions: ['>=4.19.0 <8'],
  points(exports) {
    const client = at(exports, 'OpenAI') ?? at(exports, 'default') ?? exports
    return [
      ...createOf('chat.completions', 'Completions', at(client, 'Chat', 'Completions', 'prototype')),
      ...createOf('responses', 'Responses', at(client, 'Responses', 'prototype')),
    ]
  },
}

function createOf(api: OpenAiApi, className: string, owner: unknown): readonly PatchPoint[] {
  if (typeof owner !== 'object' || owner === null || typeof at(owner, 'create') !== 'function') return []
  return [
    {
      name: `${className}.create`,
      owner,
      method: 'create',
      patch: (original, context) =>
        function create(this: unknown, ...args: unknown[]): unknown {
          const started = attempt(() => startRequest(api, this, args[0], context())).value
          if (started === undefined) return Reflect.apply(original, this, args)
          let promise: unknown
          try {
            promise = applyIn(started.call.context, original, this, args)
          } catch (thrown) {
            started.failed(thrown)
            throw thrown
          }
          return watchPromise(promise, started)
        },
    },
  ]
}
