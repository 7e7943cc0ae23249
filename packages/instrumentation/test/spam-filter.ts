import { defineTask } from '@groundtrace/core'

/** A task and a model of the tests: what they are does not matter, that they are valid does. */
export const SPAM = defineTask({ name: 'spam', kind: 'binary', classes: ['ham', 'spam'] })
export const FILTER = { name: 'filter', version: 'v7' }
export const FILTERED = { task: SPAM, model: FILTER, describe: (value: string) => ({ value }) }
