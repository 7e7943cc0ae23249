import { MAX_TEXT_LENGTH } from '@groundtrace/core'
import { at } from '../target.ts'

/** Calls of tools that one answer is kept with. */
const MAX_CALLS = 128

/** What one answer of a model says, as far as it came. */
export interface Said {
  /**
   * Its text, and below that, a line each, the tools that it calls: `get_weather({"city":"Paris"})`. At most 16,384
   * characters.
   */
  readonly text: string
  readonly isTruncated: boolean
}

/** Gathers one answer, whole or in parts. */
export interface Choice {
  /** A text goes behind what came before; anything else is no text. */
  write(part: unknown): void
  /**
   * A call of a tool, or a part of one.
   * @param place which call of the answer, from 0
   * @param call its name where it begins, and what comes behind the arguments so far
   */
  call(place: unknown, call: ToolCall): void
  said(): Said
}

export interface ToolCall {
  readonly name?: unknown
  readonly parameters?: unknown
}

export function createChoice(): Choice {
  const calls: { name: string; parameters: string }[] = []
  let text = ''
  let left = MAX_TEXT_LENGTH
  let isTruncated = false

  /** As much of a part as there is room for. */
  function taken(part: unknown): string {
    if (typeof part !== 'string') return ''
    isTruncated ||= part.length > left
    const kept = part.slice(0, left)
    left -= kept.length
    return kept
  }

  return {
    write: (part) => void (text += taken(part)),
    call(place, { name, parameters }) {
      if (!isIndex(place, MAX_CALLS)) return
      const call = (calls[place] ??= { name: '', parameters: '' })
      call.name += taken(name)
      call.parameters += taken(parameters)
    },
    said() {
      const lines = calls.filter((call) => call !== undefined).map((call) => `${call.name}(${call.parameters})`)
      const whole = [...(text === '' ? [] : [text]), ...lines].join('\n')
      const kept = whole.slice(0, MAX_TEXT_LENGTH)
      return { text: kept.toWellFormed(), isTruncated: isTruncated || kept.length < whole.length }
    },
  }
}

/** True for a whole number from 0 to below the limit: what a server says of places is not believed. */
export function isIndex(place: unknown, limit: number): place is number {
  return Number.isSafeInteger(place) && (place as number) >= 0 && (place as number) < limit
}

/** The name and the arguments of a call of a function or of a tool of the caller's own, in the form of either interface. */
export function toolCallOf(call: unknown): ToolCall {
  const made = at(call, 'function') ?? at(call, 'custom') ?? call
  return { name: at(made, 'name'), parameters: at(made, 'arguments') ?? at(made, 'input') }
}
