/** A tag of a label config that begins, or ends. */
interface Tag {
  readonly name: string
  readonly ends: boolean
  readonly isEmpty: boolean
  readonly attributes: ReadonlyMap<string, string>
}

/** No `<` stands in a value: so a look for the end of a tag never goes beyond the next one. */
const TAG = /<(\/?)([A-Za-z][\w.-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*?)(\/?)>/g
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g
const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decoded = (text: string): string =>
  text.replace(ENTITY, (entity, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity
  })

/** A text without what stands between such signs: in time that grows with its length, also where they are never closed. */
function without(text: string, opening: string, closing: string): string {
  const [first = '', ...others] = text.split(opening)
  const rest = others.map((other) => {
    const end = other.indexOf(closing)
    return end === -1 ? '' : other.slice(end + closing.length)
  })
  return first + rest.join('')
}

function* tagsOf(config: string): Generator<Tag> {
  const visible = without(without(config, '<!--', '-->'), '<![CDATA[', ']]>')
  for (const [, slash, name = '', inside = '', end] of visible.matchAll(TAG)) {
    const attributes = [...inside.matchAll(ATTRIBUTE)].map(
      ([, attribute = '', double, single]) => [attribute, decoded(double ?? single ?? '')] as const,
    )
    yield { name, ends: slash === '/', isEmpty: end === '/', attributes: new Map(attributes) }
  }
}

/** What a label config asks: the names of its questions, and of each the choices that it has, as answers hold them. */
export function questionsOf(config: string): ReadonlyMap<string, readonly string[]> {
  const questions = new Map<string, string[]>()
  const open: string[] = []
  for (const { name, ends, isEmpty, attributes } of tagsOf(config)) {
    if (ends) {
      if (name === 'Choices') open.pop()
      continue
    }
    const question = attributes.get('name')
    if (question !== undefined && attributes.has('toName')) questions.set(question, [])
    if (name === 'Choices' && !isEmpty) open.push(question ?? '')
    const choice = attributes.get('alias') ?? attributes.get('value')
    if (name === 'Choice' && choice !== undefined) questions.get(open.at(-1) ?? '')?.push(choice)
  }
  return questions
}
