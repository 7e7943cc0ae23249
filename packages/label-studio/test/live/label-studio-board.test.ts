import { describe, expect, it } from 'vitest'
import type { StoredAnnotation } from '../../src/client/annotation.ts'
import type { LabelStudio } from '../../src/client/label-studio.ts'
import type { StoredTask } from '../../src/client/task.ts'
import { labelStudioBoard, type LabelStudioBoardOptions } from '../../src/live/label-studio-board.ts'

const choice = (label: string): readonly unknown[] => [
  { from_name: 'answer', to_name: 'item', type: 'choices', value: { choices: [label] } },
]

function annotation(
  id: number,
  by: number | undefined,
  label: string,
  more: Partial<StoredAnnotation> = {},
): StoredAnnotation {
  return {
    id,
    task: 1,
    result: choice(label),
    wasCancelled: false,
    groundTruth: false,
    leadTimeSeconds: 2,
    completedBy: by,
    updatedBy: by,
    createdAt: `2026-11-24T10:00:0${id % 10}.000000Z`,
    updatedAt: '2026-11-24T10:00:09.000000Z',
    parentPrediction: undefined,
    parentAnnotation: undefined,
    ...more,
  }
}

/** Tasks in memory, in place of Label Studio's, to which annotations are put by hand. */
function stub(more: Partial<LabelStudioBoardOptions> = {}) {
  const tasks = new Map<number, StoredTask>()
  const withdrawn: number[] = []
  let isAnswerLost = false
  const labelStudio: Pick<LabelStudio, 'importTasks' | 'tasksByData' | 'withdrawTask'> = {
    importTasks: async (project, made) => {
      const ids = made.map(({ data }) => {
        const id = tasks.size + 1
        const time = '2026-11-24T10:00:00.000000Z'
        const rest = {
          createdAt: time,
          updatedAt: time,
          isLabeled: false,
          annotations: [],
          drafts: [],
          predictions: [],
        }
        tasks.set(id, { id, project, data, ...rest })
        return id
      })
      if (isAnswerLost) throw new Error('the connection broke')
      return ids
    },
    tasksByData: async (_, key, values) =>
      [...tasks.values()].filter(({ data }) => values.includes(data[key] as string)),
    withdrawTask: async (id) => void withdrawn.push(id),
  }
  const answer = (id: number, ...annotations: readonly StoredAnnotation[]) =>
    tasks.set(id, { ...(tasks.get(id) as StoredTask), annotations })
  const board = labelStudioBoard({
    labelStudio,
    project: 7,
    form: { classes: ['ham', 'spam'], shares: false },
    ...more,
  })
  return { board, answer, tasks, withdrawn, loseAnswers: () => (isAnswerLost = true) }
}

describe('a project as the board of live annotation', () => {
  it('shows what annotators may see and a key, and reads one vote an annotator, the latest', async () => {
    const { board, answer, tasks } = stub()
    await board.post([
      { key: 'a', data: { text: 'one' } },
      { key: 'b', data: { text: 'two' } },
    ])
    expect([...tasks.values()].map(({ data }) => data)).toEqual([
      { text: 'one', groundtrace_key: 'a' },
      { text: 'two', groundtrace_key: 'b' },
    ])
    answer(1, annotation(1, 11, 'ham'), annotation(2, 12, 'ham'), annotation(3, 11, 'spam'))
    expect(await board.votes(['a', 'b'])).toEqual(
      new Map([
        [
          'a',
          [
            { annotator: 11, value: 'spam' },
            { annotator: 12, value: 'ham' },
          ],
        ],
        ['b', []],
      ]),
    )
  })

  it.each<[string, Partial<StoredAnnotation>]>([
    ['a skip', { wasCancelled: true }],
    ['what somebody else has written over', { updatedBy: 99 }],
    ['what came in with an imported task', { updatedBy: undefined }],
    ['what is nobody’s', { completedBy: undefined }],
    ['a label that is no class', { result: choice('other') }],
    ['what is no answer', { result: [{ foo: 1 }] }],
  ])('takes %s for no vote', async (_, more) => {
    const { board, answer } = stub()
    await board.post([{ key: 'a', data: {} }])
    answer(1, annotation(1, 11, 'ham', more))
    expect(await board.votes(['a'])).toEqual(new Map([['a', []]]))
  })

  it('hears only members, where there are some', async () => {
    const { board, answer } = stub({ members: [11] })
    await board.post([{ key: 'a', data: {} }])
    answer(1, annotation(1, 12, 'ham'), annotation(2, 11, 'spam'), annotation(3, 13, 'ham'))
    expect(await board.votes(['a'])).toEqual(new Map([['a', [{ annotator: 11, value: 'spam' }]]]))
  })

  it('does not hear what is said of a copy of a task', async () => {
    const { board, answer, tasks } = stub()
    await board.post([{ key: 'a', data: {} }])
    answer(1, annotation(1, 11, 'spam'))
    tasks.set(9, { ...(tasks.get(1) as StoredTask), id: 9, annotations: [annotation(2, 12, 'ham')] })
    expect(await board.votes(['a'])).toEqual(new Map([['a', [{ annotator: 11, value: 'spam' }]]]))
  })

  it('withdraws what is decided, once, also where the answer to the import was lost', async () => {
    const { board, withdrawn, loseAnswers } = stub()
    await board.post([{ key: 'a', data: {} }])
    loseAnswers()
    await expect(board.post([{ key: 'b', data: {} }])).rejects.toThrow('broke')
    await board.close(['a'])
    await board.close(['b', 'never posted'])
    expect(withdrawn).toEqual([1, 2])
  })
})
