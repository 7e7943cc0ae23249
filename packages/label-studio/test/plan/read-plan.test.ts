import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guidelinesOf } from '../../src/plan/guidelines.ts'
import { PlanError } from '../../src/plan/plan-mistake.ts'
import { readPlan, type ReadPlanOptions } from '../../src/plan/read-plan.ts'
import { MAIL_PLAN } from './mail-plan.ts'

/** What is wrong with a plan: `line:column cause`. */
function mistakesOf(text: string, options?: ReadPlanOptions): readonly string[] {
  try {
    readPlan(text, options)
    return []
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    return error.mistakes.map(({ line, column, cause }) => `${line}:${column} ${cause}`)
  }
}

/** The same of {@link MAIL_PLAN} with a piece of it replaced. */
const broken = (from: string | RegExp, to: string): readonly string[] => {
  expect(MAIL_PLAN).toMatch(from)
  return mistakesOf(MAIL_PLAN.replace(from, to))
}

const noFile = (): string => {
  throw new Error('ENOENT')
}

describe('a plan', () => {
  const plan = readPlan(MAIL_PLAN)
  const [task] = plan.tasks

  test('says where news go, and in which variable the secret is', () => {
    expect(plan.webhook).toEqual({
      url: 'http://127.0.0.1:9/label-studio/webhook',
      secretVariable: 'GROUNDTRACE_WEBHOOK_SECRET',
    })
  })

  test('has a project for each group of people, with guidelines and overlap of its own or of the task', () => {
    expect(task?.projects.map(({ name, title, shares, overlap }) => ({ name, title, shares, overlap }))).toEqual([
      { name: 'spam-crowd', title: 'Spam, crowd', shares: true, overlap: 7 },
      { name: 'spam-expert', title: 'Spam, experts', shares: false, overlap: 1 },
    ])
    expect(task?.projects.map(({ guidelines }) => guidelines.text.split('\n')[0])).toEqual([
      '## Wanted or not',
      'Look at the headers, too.',
    ])
  })

  test('says which features are shown, under which field and title', () => {
    expect(task?.projects[0]?.shown).toEqual([
      { field: 'subject', feature: 'mail.subject', title: 'Subject' },
      { field: 'body', feature: 'body', title: 'body' },
    ])
  })

  test('holds the policies of selection, truth and live annotation, with the names of its projects', () => {
    expect(task?.selection).toEqual({
      task: 'spam',
      mix: { random: 1, uncertainty: 3 },
      private: ['iban'],
      crowd: { project: 'spam-crowd', perRound: 50, perDay: 200 },
      expert: { project: 'spam-expert', perRound: 10 },
    })
    expect(task?.truth).toEqual({
      classes: ['ham', 'spam'],
      crowd: {
        project: 'spam-crowd',
        maximum: 7,
        groups: { members: { north: [3, 4], south: [5] }, atLeast: 2 },
      },
      expert: { project: 'spam-expert' },
    })
    expect(task?.live).toEqual({ confident: 0.98, deadlineSeconds: 60 })
  })
})

describe('guidelines', () => {
  const withFile = MAIL_PLAN.replace('guidelines: Look at the headers, too.', 'guidelines: { file: expert.md }')

  test('from a file are those of a plan that has the same text', () => {
    const plan = readPlan(withFile, {
      readFile: (path) => (path === 'expert.md' ? 'Look at the headers, too.\r\n' : ''),
    })
    expect(plan.tasks[0]?.projects[1]?.guidelines).toEqual(guidelinesOf('Look at the headers, too.'))
  })

  test('have another version when a word is another', () => {
    expect(guidelinesOf('a').version).not.toBe(guidelinesOf('b').version)
    // SHA-256 of "abc", FIPS 180-2, appendix B.1.
    expect(guidelinesOf('abc').version).toBe('ba7816bf8f01')
  })

  test('that can not be read are a mistake where their file is named', () => {
    expect(mistakesOf(withFile)).toEqual(["23:21 Files can't be read here"])
    expect(mistakesOf(withFile, { readFile: noFile })).toEqual(['23:21 "expert.md" can\'t be read (ENOENT)'])
  })

  test.each(['Read <b>this</b><br>', 'Go to <https://example.org/a>', 'a < b and c > d', '1 <2', '&lt;script&gt;'])(
    'may say %s',
    (text) => {
      expect(mistakesOf(MAIL_PLAN.replace('Look at the headers, too.', JSON.stringify(text)))).toEqual([])
    },
  )

  test.each([
    '<script>x()</script>',
    '<img src=x onerror=x()>',
    '<b onclick="x()">bold</b>',
    '<iframe>',
    '<!-- -->',
    '<https://a.b" onclick="x()">',
  ])('may not say %s', (text) => {
    const mistakes = mistakesOf(MAIL_PLAN.replace('Look at the headers, too.', JSON.stringify(text)))
    expect(mistakes).toEqual([expect.stringMatching(/^23:7 The guidelines have HTML/)])
  })
})

describe('mistakes', () => {
  test('are told of all at once, each with its place', () => {
    expect(
      mistakesOf(`webhok: 1
tasks:
  spam:
    kind: fuzzy
    classes: [ham, 7, ham]
    question: "a\\nb"
    show: [groundtrace_key]
    crowd:
      title: x
      shares: yes please
      overlap: 0
`),
    ).toEqual([
      '1:1 webhok is unknown',
      '4:5 tasks.spam.kind is "fuzzy"',
      "6:5 tasks.spam.question can't be shown",
      '7:5 Field groundtrace_key is where the key of a task stands',
      '9:7 Title "x" is none that Label Studio takes',
      '9:7 tasks.spam.crowd has no guidelines',
      '10:15 tasks.spam.crowd.shares is "yes please"',
      '11:16 tasks.spam.crowd.overlap is 0',
    ])
  })

  test.each([
    ['a class that is no text', 'name: spam', 'name: true', '9:17 tasks.spam.classes[1].name is true'],
    ['a class twice', 'name: spam', 'name: ham', '7:5 Task "spam": a class is named twice'],
    ['two classes with one text', 'Unwanted mail', 'Wanted mail', '7:5 Two classes have the text Wanted mail'],
    ['two classes with one key', 'hotkey: s', 'hotkey: h', '7:5 Two classes have the hotkey h'],
    ['a key that is none', 'hotkey: s', 'hotkey: ctrl+s', '9:71 tasks.spam.classes[1].hotkey is no key'],
    ['a field that is no name', 'field: subject', 'field: mail.subject', '12:9 Field "mail.subject" is no name'],
    ['a field twice', '- body', '- subject', '11:5 Field subject is shown twice'],
    ['another secret of ours', 'GROUNDTRACE_WEBHOOK_SECRET', 'LABEL_STUDIO_API_KEY', '3:3 webhook.secret names no'],
    ['a secret in the plan', 'GROUNDTRACE_WEBHOOK_SECRET', 'pa55-word', '3:3 webhook.secret names no environment'],
    ['an address that is none', 'http://127', 'ftp://127', '2:3 webhook.url is no address'],
    ['less overlap than truth needs', 'shares: true', 'overlap: 3', '20:7 Label Studio would hand a task out 3 times'],
    ['one title twice', 'Spam, experts', 'Spam, crowd', '4:1 Two projects have the title "Spam, crowd"'],
    ['a mix without chance', 'random: 1', 'random: 0', '24:5 Selection: no share of it is random'],
    ['a part of a policy that is misspelt', 'perDay', 'perday', '26:30 tasks.spam.selection.crowd.perday is unknown'],
    ['a rule of truth that is none', 'maximum: 7', 'maximum: 1', '29:5 Truth: agreeing 3 is above maximum 1'],
    ['a rule of live annotation', 'confident: 0.98', 'confident: 2', '33:5 Live annotation: confident is 2'],
  ])('%s', (_, from, to, expected) => {
    expect(broken(from, to)).toEqual([expect.stringContaining(expected)])
  })

  test('a policy for a project that there is not', () => {
    expect(broken(/ {4}expert:\n.*\n.*\n/, '')).toEqual([
      '24:7 tasks.spam.selection has a part for expert, but there is no such project',
    ])
  })

  test('a secret that stands in the plan is not repeated', () => {
    expect(broken('GROUNDTRACE_WEBHOOK_SECRET', 'pa55-word').join()).not.toContain('pa55')
  })

  test.each([
    ['', '1:1 The plan is no map'],
    ['- a', '1:1 The plan is no map'],
    ['tasks: {}', '1:8 The plan has no tasks'],
    ['tasks:\n  a: 1', '2:6 tasks.a is 1'],
    ['a: [1', '1:6 '],
    ['a: 1\na: 2', '2:1 Map keys must be unique'],
    ['['.repeat(200_000), 'Maximum call stack'],
    ['- '.repeat(100_000), 'Maximum call stack'],
    ['{a: '.repeat(100_000), 'Maximum call stack'],
  ])('of YAML: %#', (text, expected) => {
    expect(mistakesOf(text).join('\n')).toContain(expected)
  })

  test('are told in one message, with the name of the file', () => {
    expect(() => readPlan('a: 1', { file: 'annotation.yaml' })).toThrow(
      'The plan has 2 mistakes. Correct annotation.yaml:\nannotation.yaml:1:1: a is unknown. Use webhook, tasks.\n' +
        'annotation.yaml:1:1: The plan has no tasks. Add tasks, each under its name.',
    )
  })
})

test('no text makes the reader throw anything but its mistakes', () => {
  const words = fc.constantFrom(
    ...MAIL_PLAN.split(/(?<=[\s:{},])/),
    '&a',
    '*a',
    '<<: *a',
    '__proto__',
    '\u0000',
    '!!set',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((some) => some.join('')),
      ),
      (text) => {
        expect(mistakesOf(text)).toBeInstanceOf(Array)
      },
    ),
  )
})
