import { enumerated, quote } from '@groundtrace/core'
import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter, type YAMLMap } from 'yaml'
import type { PlanMistake } from './plan-mistake.ts'

/** The file that is read, and what was found wrong with it so far. */
export interface PlanFile {
  readonly document: Document
  readonly lines: LineCounter
  readonly mistakes: PlanMistake[]
}

/** Aliases that are followed when a part of the file is made plain data: more is made to exhaust memory. */
const MOST_ALIASES = 100

/** Where a node begins, from 0. */
function offsetOf(node: unknown): number {
  const { range } = (node ?? {}) as { readonly range?: readonly [number, number, number] | null }
  return range?.[0] ?? 0
}

/** A map of the file. What it holds is asked for by name; a mistake is noted, and stands for `undefined`. */
export interface PlanSection {
  /** What it is, for messages: `tasks.spam`. */
  readonly path: string
  /** The names it has, in order. */
  names(): readonly string[]
  has(name: string): boolean
  /** Notes a mistake where a name stands; without a name where the section does. */
  wrong(name: string | undefined, cause: string, nextStep: string): undefined
  /** Names that it may have: all others are mistakes. */
  only(names: readonly string[]): void
  text(name: string): string | undefined
  truth(name: string): boolean | undefined
  wholeNumber(name: string): number | undefined
  section(name: string): PlanSection | undefined
  /** Each a map, or else a text. */
  list(name: string): readonly (PlanSection | string)[] | undefined
  /** As plain data, checked by nobody. */
  plain(name: string): unknown
}

const scalarOf = (value: unknown): unknown => (isScalar(value) ? value.value : value)

const shown = (value: unknown): string => {
  const scalar = scalarOf(value)
  return isMap(scalar) ? 'a map' : isSeq(scalar) ? 'a list' : quote(scalar)
}

const nameOf = (key: unknown): string => String(isScalar(key) ? key.value : quote(key))

/** Makes a section of a map. @param path of it, empty for the whole file */
export function planSection(file: PlanFile, node: YAMLMap, path: string): PlanSection {
  const pairs = new Map(node.items.map((pair) => [nameOf(pair.key), pair]))
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`)

  function noteAt(place: unknown, cause: string, nextStep: string): undefined {
    const { line, col } = file.lines.linePos(offsetOf(place))
    file.mistakes.push({ line: Math.max(line, 1), column: Math.max(col, 1), cause, nextStep })
  }

  const resolved = (value: unknown): unknown => (isAlias(value) ? value.resolve(file.document) : value)
  const valueOf = (name: string): unknown => resolved(pairs.get(name)?.value)

  function scalar<T>(name: string, holds: (value: unknown) => value is T, what: string): T | undefined {
    if (!pairs.has(name)) return undefined
    const value = valueOf(name)
    const given = scalarOf(value)
    if (holds(given)) return given
    const quoted = typeof given === 'number' || typeof given === 'boolean' ? ': put it in quotes' : ''
    return noteAt(
      value ?? pairs.get(name)?.key,
      `${at(name)} is ${shown(value)}`,
      `Give ${what}${what === 'a text' ? quoted : ''}`,
    )
  }

  const section: PlanSection = {
    path,
    names: () => [...pairs.keys()],
    has: (name) => pairs.has(name),
    wrong: (name, cause, nextStep) =>
      noteAt(name === undefined ? node : (pairs.get(name)?.key ?? node), cause, nextStep),
    only(names) {
      for (const [name, { key }] of pairs) {
        if (!names.includes(name)) noteAt(key, `${at(name)} is unknown`, `Use ${enumerated(names)}`)
      }
    },
    text: (name) => scalar(name, (value): value is string => typeof value === 'string', 'a text'),
    truth: (name) => scalar(name, (value): value is boolean => typeof value === 'boolean', 'true or false'),
    wholeNumber: (name) =>
      scalar(
        name,
        (value): value is number => Number.isSafeInteger(value) && (value as number) > 0,
        'a whole number from 1',
      ),
    section(name) {
      if (!pairs.has(name)) return undefined
      const value = valueOf(name)
      if (isMap(value)) return planSection(file, value, at(name))
      return noteAt(value ?? pairs.get(name)?.key, `${at(name)} is ${shown(value)}`, 'Give a map of names and values')
    },
    list(name) {
      if (!pairs.has(name)) return undefined
      const value = valueOf(name)
      if (!isSeq(value)) return noteAt(value ?? pairs.get(name)?.key, `${at(name)} is ${shown(value)}`, 'Give a list')
      return value.items.map(resolved).flatMap((item, index): (PlanSection | string)[] => {
        if (isMap(item)) return [planSection(file, item, `${at(name)}[${index}]`)]
        const given = scalarOf(item)
        if (typeof given === 'string') return [given]
        noteAt(item, `${at(name)}[${index}] is ${shown(item)}`, 'Put texts in quotes, or give a map')
        return []
      })
    },
    plain(name) {
      const value = pairs.get(name)?.value
      try {
        return (value as { toJS?: (document: Document, options: object) => unknown } | null)?.toJS?.(file.document, {
          maxAliasCount: MOST_ALIASES,
        })
      } catch (error) {
        return noteAt(value, `${at(name)} can't be read (${(error as Error).message})`, 'Write it out')
      }
    },
  }
  return section
}
