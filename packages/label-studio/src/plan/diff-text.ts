import type { Change } from './change.ts'

/** What a terminal may obey: control characters but for line ends and tabs, and what turns text around. */
const OBEYED = /[^\P{Cc}\n\t]|\p{Cf}/gu
const SHOWN = 10_000

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const safe = text.replaceAll(OBEYED, (character) => (character === '\u2060' ? '' : '\uFFFD'))
  return safe.length > SHOWN ? `${safe.slice(0, SHOWN)}…` : safe
}

/** Lines that are in one text and not in the other, in their order. */
function linesOf(sign: '-' | '+', text: string, other: string): readonly string[] {
  const known = new Set(other.split('\n'))
  return text
    .split('\n')
    .filter((line) => !known.has(line))
    .map((line) => `      ${sign} ${line}`)
}

function updateLines({ field, from, to }: Extract<Change, { kind: 'update' }>): readonly string[] {
  const [before, after] = [valueText(from), valueText(to)]
  if (!before.includes('\n') && !after.includes('\n')) return [`    ${field}: ${before} → ${after}`]
  return [`    ${field}:`, ...linesOf('-', before, after), ...linesOf('+', after, before)]
}

function createLines({ what, to }: Extract<Change, { kind: 'create' }>): readonly string[] {
  const fields = Object.entries(to).flatMap(([field, value]) => {
    const lines = valueText(value).split('\n')
    return lines.length === 1
      ? [`    ${field}: ${lines[0]}`]
      : [`    ${field}:`, ...lines.map((line) => `      ${line}`)]
  })
  return [`  + ${what}`, ...fields]
}

function changeLines(change: Change): readonly string[] {
  if (change.kind === 'create') return createLines(change)
  if (change.kind === 'update') return [`  ~ ${change.what}`, ...updateLines(change)]
  if (change.kind === 'foreign') return [`  ? ${valueText(change.detail)}. It is not of the plan, and left alone.`]
  return [`  ! ${valueText(change.detail)}. ${valueText(change.nextStep)}.`]
}

/** Changes for a person at a terminal, project by project. Foreign text in it is made harmless. */
export function diffText(changes: readonly Change[]): string {
  const projects = [...new Set(changes.map(({ project }) => project))]
  return projects
    .map((name) => [name, ...changes.filter(({ project }) => project === name).flatMap(changeLines)].join('\n'))
    .join('\n\n')
}
