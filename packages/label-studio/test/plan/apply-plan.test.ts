import { expect, test } from 'vitest'
import { applyPlan, planChanges } from '../../src/plan/apply-plan.ts'
import { readPlan } from '../../src/plan/read-plan.ts'
import { MAIL_PLAN } from './mail-plan.ts'

const plan = readPlan(MAIL_PLAN)
const nobody = new Proxy({} as never, {
  get: () => () => Promise.reject(new Error('The server was asked')),
})

test.each([
  ['no secret', undefined, 'there is no secret'],
  ['a secret that can be guessed', 'short', 'too short'],
  ['a secret that can not be sent', 'a secret of\r\nX-Other: lines', 'can not be sent'],
])('a webhook with %s is told of before anything is asked of the server', async (_, webhookSecret, told) => {
  const options = webhookSecret === undefined ? {} : { webhookSecret }
  const error = expect.objectContaining({
    code: 'invalid-argument',
    message: expect.stringMatching(`${told}.*GROUNDTRACE_WEBHOOK_SECRET`),
  })
  await expect(applyPlan(nobody, plan, options)).rejects.toEqual(error)
  await expect(planChanges(nobody, plan, options)).rejects.toEqual(error)
})
