import { ANSWER, GUIDELINES, ITEM, shareControl, UNCLEAR, UNCLEAR_NOTE } from '../answers/control-names.ts'
import { literal } from './literal.ts'
import type { PlannedClass, PlannedProject } from './plan.ts'
import { element } from './xml.ts'

const UNCLEAR_TEXT = 'This task is unclear'
const ROW = 'display: flex; align-items: center; gap: 12px'

/** Name of what is shown: questions are asked about the first, whichever field that is. */
const shownName = (index: number): string => (index === 0 ? ITEM : `${ITEM}_${index + 1}`)

const header = (text: string, size: '4' | '5'): string => element('Header', { value: literal(text), size })

function guidelinesPanel({ text, version }: PlannedProject['guidelines']): string {
  const markdown = element('Markdown', { value: literal(text) })
  const panel = element('Panel', { value: `Guidelines (version ${version})` }, [element('View', {}, [markdown])])
  return element('Collapse', { open: 'true', bordered: 'true' }, [panel])
}

/** The name is what answers hold. As an alias, unless Label Studio would take it for a truth value. */
function choice({ name, text, hint, hotkey }: PlannedClass): string {
  const isTruthValue = name === 'true' || name === 'false'
  return element('Choice', {
    value: literal(text),
    alias: isTruthValue ? undefined : name,
    hint: hint === undefined ? undefined : `${literal(hint)}\u2060`,
    hotkey,
  })
}

const share = ({ name, text }: PlannedClass): string =>
  element('View', { style: ROW }, [
    element('Number', {
      name: shareControl(name),
      toName: ITEM,
      min: '0',
      max: '100',
      step: '1',
      required: 'true',
      requiredMessage: 'Say of each answer what share of people will choose it, in percent.',
    }),
    header(text, '5'),
  ])

const flag: readonly string[] = [
  element('Choices', { name: UNCLEAR, toName: ITEM, choice: 'multiple' }, [
    element('Choice', { value: UNCLEAR_TEXT, alias: UNCLEAR, hint: 'Answer as well as you can, or skip the task.' }),
  ]),
  element('View', { visibleWhen: 'choice-selected', whenTagName: UNCLEAR, whenChoiceValue: UNCLEAR_TEXT }, [
    element('TextArea', {
      name: UNCLEAR_NOTE,
      toName: ITEM,
      rows: '2',
      maxSubmissions: '1',
      placeholder: 'What is unclear about it?',
    }),
  ]),
]

/**
 * The label config of a project: guidelines, what is shown, the question, the shares, the flag. Features are shown as
 * text, never as HTML. The version of the guidelines is a choice that nobody sees and that is made already, so that it
 * comes back with every answer: what the page showed, whatever the server's clock says and the plan has become since.
 */
export function labelConfig({ guidelines, shown, question, classes, shares }: PlannedProject): string {
  return element('View', {}, [
    guidelinesPanel(guidelines),
    ...shown.flatMap(({ field, title }, index) => [
      header(title, '5'),
      element('Text', { name: shownName(index), value: `$${field}`, valueType: 'text' }),
    ]),
    header(question, '4'),
    element(
      'Choices',
      { name: ANSWER, toName: ITEM, choice: 'single', required: 'true', requiredMessage: 'Choose an answer.' },
      classes.map(choice),
    ),
    ...(shares
      ? [header('What share of people will choose each answer, in percent? Together 100.', '4'), ...classes.map(share)]
      : []),
    ...flag,
    element('View', { style: 'display: none' }, [
      element('Choices', { name: GUIDELINES, toName: ITEM, choice: 'single' }, [
        element('Choice', { value: guidelines.version, selected: 'true' }),
      ]),
    ]),
  ])
}
