import { GroundtraceError } from '@groundtrace/core'
import { describe, expect, test } from 'vitest'
import { checkedTruthPolicy, type TruthPolicy } from '../../src/truth/truth-policy.ts'

const classes = ['ham', 'spam']

test('a policy that names projects alone takes the defaults', () => {
  const { crowd, expert } = checkedTruthPolicy({ classes, crowd: { project: 'crowd' }, expert: { project: 'expert' } })
  expect(crowd).toMatchObject({
    agreeing: 3,
    posterior: 0.95,
    minimum: 2,
    maximum: 5,
    release: 0.9,
    unclear: 2,
    groups: [],
    groupsNeeded: 0,
  })
  expect(expert).toEqual({ project: 'expert', agreeing: 1 })
})

test('release is never above a posterior that is lower than its default', () => {
  expect(checkedTruthPolicy({ classes, crowd: { project: 'crowd', posterior: 0.8 } }).crowd?.release).toBe(0.8)
})

describe('a policy is refused, with cause and next step, when', () => {
  const crowd = (more: object): unknown => ({ classes, crowd: { project: 'crowd', ...more } })
  test.each<[string, unknown, string]>([
    ['it is none', undefined, 'it has no classes'],
    ['it has one class', { classes: ['ham'], crowd: { project: 'crowd' } }, 'List two or more'],
    ['it has a class twice', { classes: ['ham', 'ham'], crowd: { project: 'crowd' } }, 'each once'],
    ['nothing settles', { classes }, 'neither a crowd nor an expert'],
    ['a project has no name', { classes, crowd: {} }, 'project of the crowd'],
    [
      'crowd and experts are one project',
      { classes, crowd: { project: 'x' }, expert: { project: 'x' } },
      'one project',
    ],
    ['its rule is unknown', crowd({ rule: 'loudest' }), 'Use agreement or surprisingly-popular'],
    ['agreeing is no count', crowd({ agreeing: 0 }), 'agreeing is 0'],
    ['agreeing is above maximum', crowd({ agreeing: 6 }), 'Raise maximum to 6'],
    ['minimum is above maximum', crowd({ minimum: 9 }), 'Raise maximum to 9'],
    ['posterior is no probability above one half', crowd({ posterior: 0.5 }), 'above 0.5 and below 1'],
    ['release is above posterior', crowd({ release: 0.99 }), 'release 0.99 is above posterior 0.95'],
    ['groups have no members', crowd({ groups: { members: {} } }), 'Name each group'],
    ['a group is no list', crowd({ groups: { members: { a: 'x' } } }), 'List their numbers'],
    ['somebody is in two groups', crowd({ groups: { members: { a: [1], b: [1] } } }), 'annotator 1 is in two groups'],
    [
      'it asks for more groups than there are',
      crowd({ groups: { members: { a: [1] }, atLeast: 2 } }),
      'no more groups',
    ],
    [
      'a group serves nobody',
      crowd({ groups: { members: { a: [1], b: [2] }, serves: { a: 1 } } }),
      'every group a share',
    ],
    ['members are none', crowd({ members: [] }), 'crowd.members is'],
    [
      'an expert is no number',
      { classes, expert: { project: 'expert', members: ['ann'] } },
      'List the numbers that they have',
    ],
    [
      'somebody in a group is no member',
      crowd({ members: [1], groups: { members: { a: [1], b: [2] } } }),
      'annotator 2 is in a group, but not in crowd.members',
    ],
    ['shares do not add up', crowd({ groups: { members: { a: [1] }, serves: { a: 0.5 } } }), 'together they are 1'],
    [
      'it asks for more groups than answers',
      crowd({ maximum: 3, groups: { members: { a: [1], b: [2], c: [3], d: [4] }, atLeast: 4 } }),
      'Raise maximum to 4',
    ],
  ])('%s', (_, policy, message) => {
    const check = () => checkedTruthPolicy(policy as TruthPolicy)
    expect(check).toThrow(GroundtraceError)
    expect(check).toThrow(message)
  })
})
