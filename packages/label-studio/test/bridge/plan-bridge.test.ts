import { defineTask, type Register } from '@groundtrace/core'
import { expect, test } from 'vitest'
import type { LabelStudio } from '../../src/client/label-studio.ts'
import { bridgePlan, openOutbox, readPlan } from '../../src/index.ts'
import { labelConfig } from '../../src/plan/label-config.ts'
import { plannedSettings } from '../../src/plan/project-settings.ts'

const planOf = (classes: string) =>
  readPlan(`
tasks:
  team:
    kind: multiclass
    classes: [${classes}]
    question: Which team?
    show: [text]
    guidelines: The one that must act.
    crowd: {}
`)

/** Begins a bridge where the server's page and the register's task have the classes of before. */
async function begin(classes: string, before: string, declared: readonly string[] | undefined) {
  const [task] = planOf(before).tasks
  const projects = (task?.projects ?? []).map((one, at) => ({
    ...plannedSettings(one),
    id: at + 1,
    labelConfig: labelConfig(one),
  }))
  const labelStudio = { currentUser: async () => 1, projects: async () => projects } as unknown as LabelStudio
  const tasks = declared === undefined ? [] : [defineTask({ name: 'team', kind: 'multiclass', classes: declared })]
  // A register that knows these tasks, and is asked for nothing else.
  const register = { tasks: async () => tasks } as unknown as Register
  const outbox = openOutbox({ path: ':memory:' })
  try {
    await bridgePlan({ plan: planOf(classes), labelStudio, outbox, register, secret: 'what decides who is drawn' })
  } finally {
    outbox.close()
  }
}

test('a bridge begins where plan, page and register agree, or the register knows no such task yet', async () => {
  await expect(begin('billing, sales', 'billing, sales', ['billing', 'sales', 'other'])).resolves.toBeUndefined()
  await expect(begin('billing, sales', 'billing, sales', undefined)).resolves.toBeUndefined()
  // Nobody can choose the new one yet.
  await expect(begin('billing, sales, other', 'billing, sales', undefined)).resolves.toBeUndefined()
})

test('a plan that lets a class of the page go takes no truth back: it is to be applied first', async () => {
  await expect(begin('sales, other', 'billing, sales', undefined)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(/^Project 1 asks for billing, which team-crowd does not have/),
  })
})

test('nobody is asked for classes that the register would not take', async () => {
  await expect(begin('invoice, sales', 'invoice, sales', ['billing', 'sales'])).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringMatching(/^The plan gives task "team" invoice, but .* are billing, sales\./),
  })
})
