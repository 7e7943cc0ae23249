import { expect, test } from 'vitest'
import { diffText } from '../../src/plan/diff-text.ts'

test('changes read project by project: what is made, what was and will be, what is left, what is refused', () => {
  const text = diffText([
    { kind: 'create', what: 'webhook', project: 'b', to: { url: 'https://a.b', actions: ['X', 'Y'] } },
    { kind: 'update', what: 'project', project: 'a', field: 'title', from: 'Old', to: 'New' },
    {
      kind: 'update',
      what: 'project',
      project: 'a',
      field: 'labelConfig',
      from: '<View>\n  <A/>\n</View>',
      to: '<View>\n  <B/>\n</View>',
    },
    { kind: 'foreign', what: 'webhook', project: 'a', detail: 'Webhook 7 sends news to "x.y"' },
    { kind: 'refused', what: 'project', project: 'b', detail: 'No', nextStep: 'Do it otherwise' },
  ])
  expect(text).toBe(`b
  + webhook
    url: https://a.b
    actions: ["X","Y"]
  ! No. Do it otherwise.

a
  ~ project
    title: Old → New
  ~ project
    labelConfig:
      -   <A/>
      +   <B/>
  ? Webhook 7 sends news to "x.y". It is not of the plan, and left alone.`)
})

test('what somebody wrote on the server does nothing to a terminal', () => {
  const from = '\u001b[2J\u202eevil\u0007'
  const text = diffText([{ kind: 'update', what: 'project', project: 'a', field: 'title', from, to: 'b' }])
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
})

test('a long text is cut', () => {
  const change = {
    kind: 'update',
    what: 'project',
    project: 'a',
    field: 'title',
    from: 'x'.repeat(1e6),
    to: 'b',
  } as const
  expect(diffText([change]).length).toBeLessThan(11_000)
})
