import { MAX_KEY_LENGTH } from '@groundtrace/core'
import { KEY_FIELD } from '../bridge/label-studio-server.ts'
import { isLine } from './page-text.ts'
import type { ShownField } from './plan.ts'
import type { PlanSection } from './plan-section.ts'

const FIELDS = ['field', 'feature', 'title']
/** What Label Studio takes for one name after `$`. */
const FIELD = /^[A-Za-z_]\w{0,63}$/
const MOST_TITLE = 200

function shownOf(item: PlanSection | string): ShownField | string {
  if (typeof item === 'string') return { field: item, feature: item, title: item }
  item.only(FIELDS)
  const field = item.text('field')
  if (field === undefined) return `${item.path} has no field`
  const title = item.text('title') ?? field
  if (!isLine(title, MOST_TITLE)) return `${item.path}.title can't be shown`
  return { field, feature: item.text('feature') ?? field, title }
}

function wrongField({ field, feature }: ShownField): string | undefined {
  if (!FIELD.test(field))
    return `Field ${JSON.stringify(field.slice(0, MAX_KEY_LENGTH))} is no name that Label Studio takes`
  if (field === KEY_FIELD) return `Field ${field} is where the key of a task stands`
  return feature === '' ? `Field ${field} has an empty feature` : undefined
}

/** The features that annotators see, in the order in which they stand on the page. */
export function readShown(section: PlanSection): readonly ShownField[] | undefined {
  const items = section.list('show')
  if (items === undefined)
    return section.has('show')
      ? undefined
      : section.wrong(undefined, `${section.path} shows nothing`, 'List under show the features that annotators see')
  if (items.length === 0)
    return section.wrong('show', `${section.path}.show is empty`, 'List the features that annotators see')
  const shown: ShownField[] = []
  for (const item of items) {
    const read = shownOf(item)
    const wrong = typeof read === 'string' ? read : wrongField(read)
    if (typeof read !== 'string' && wrong === undefined) {
      shown.push(read)
      continue
    }
    const place = typeof item === 'string' ? section : item
    place.wrong(
      typeof item === 'string' ? 'show' : undefined,
      wrong ?? '',
      'Write { field: subject, feature: mail.subject, title: Subject }: a field has letters, digits and _',
    )
  }
  const fields = shown.map(({ field }) => field)
  const twice = fields.find((field, index) => fields.indexOf(field) !== index)
  if (twice !== undefined) return section.wrong('show', `Field ${twice} is shown twice`, 'Show it once')
  return shown.length === items.length ? shown : undefined
}
