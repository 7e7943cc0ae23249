import { defineTask, GroundtraceError, MAX_KEY_LENGTH } from '@groundtrace/core'
import { isLine } from './page-text.ts'
import type { PlannedClass, PlannedTask } from './plan.ts'
import type { PlanSection } from './plan-section.ts'

const FIELDS = ['name', 'text', 'hint', 'hotkey']
const HOTKEY = /^[a-z0-9]$/
const MOST_HINT = 500
/** What Label Studio's page makes of an attribute that says so is no text any more. */
const TRUTH_VALUES = new Set(['true', 'false'])

const SHORT = `Give 1 to ${MAX_KEY_LENGTH} characters on one line`

function classOf(section: PlanSection): PlannedClass | undefined {
  section.only(FIELDS)
  const name = section.text('name')
  if (name === undefined)
    return section.has('name') ? undefined : section.wrong(undefined, `${section.path} has no name`, 'Name the class')
  const text = section.text('text') ?? name
  const [hint, hotkey] = [section.text('hint'), section.text('hotkey')]
  if (!isLine(text, MAX_KEY_LENGTH)) section.wrong('text', `${section.path}.text can't be shown`, SHORT)
  if (TRUTH_VALUES.has(name) && text !== name)
    section.wrong(
      'text',
      `Class ${name} has a text of its own, which Label Studio can't do`,
      'Leave text out, or call the class otherwise',
    )
  if (hint !== undefined && !isLine(hint, MOST_HINT))
    section.wrong('hint', `${section.path}.hint can't be shown`, `Give 1 to ${MOST_HINT} characters on one line`)
  if (hotkey !== undefined && !HOTKEY.test(hotkey))
    section.wrong('hotkey', `${section.path}.hotkey is no key`, 'Give one lower-case letter, or a digit in quotes')
  return { name, text, ...(hint !== undefined && { hint }), ...(hotkey !== undefined && { hotkey }) }
}

/** Whether a class repeats what only one may have. */
function repeated(classes: readonly PlannedClass[]): string | undefined {
  for (const part of ['text', 'hotkey'] as const) {
    const given = classes.map((one) => one[part]).filter((value) => value !== undefined)
    const twice = given.find((value, index) => given.indexOf(value) !== index)
    if (twice !== undefined) return `Two classes have the ${part} ${twice}`
  }
  return undefined
}

/** The classes of a task: what the task itself asks of them, and what the page does. */
export function readClasses(
  section: PlanSection,
  name: string,
  kind: PlannedTask['kind'],
): readonly PlannedClass[] | undefined {
  const items = section.list('classes')
  if (items === undefined)
    return section.has('classes')
      ? undefined
      : section.wrong(undefined, `${section.path} has no classes`, 'List the classes of the task')
  const classes = items
    .map((item) => (typeof item === 'string' ? { name: item, text: item } : classOf(item)))
    .filter((one) => one !== undefined)
  if (classes.length < items.length) return undefined
  try {
    defineTask({ name, kind, classes: classes.map((one) => one.name) })
  } catch (error) {
    if (!GroundtraceError.isInstance(error)) throw error
    const [cause = '', ...nextStep] = error.message.replace(/\.$/, '').split('. ')
    return section.wrong('classes', cause, nextStep.join('. '))
  }
  const strange = classes.find((one) => !isLine(one.name, MAX_KEY_LENGTH))
  if (strange !== undefined) return section.wrong('classes', `A class of ${section.path} can't be shown`, SHORT)
  const twice = repeated(classes)
  return twice === undefined ? classes : section.wrong('classes', twice, 'Let annotators tell them apart')
}
