/** What has a meaning in XML, and white space that an attribute would lose. */
const MEANT = /[&<>"'\n\t]/g

/** A part of a label config; `undefined` attributes are left out. All values are escaped here and nowhere else. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([attribute, value]) => ` ${attribute}="${(value ?? '').replace(MEANT, (sign) => `&#${sign.charCodeAt(0)};`)}"`,
    )
    .join('')
  if (children.length === 0) return `<${name}${written}/>`
  const lines = children.flatMap((child) => child.split('\n')).map((line) => `  ${line}`)
  return [`<${name}${written}>`, ...lines, `</${name}>`].join('\n')
}
