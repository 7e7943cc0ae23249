import { quote } from '@groundtrace/core'
import { guidelinesOf, MOST_GUIDELINES, strangeHtml, type Guidelines } from './guidelines.ts'
import { isLines } from './page-text.ts'
import type { PlanSection } from './plan-section.ts'

/** Reads a file that a plan names. @param path as the plan has it: from the folder of the plan */
export type ReadFile = (path: string) => string

function textOf(section: PlanSection, readFile: ReadFile | undefined): string | undefined {
  if (typeof section.plain('guidelines') !== 'object') return section.text('guidelines')
  const source = section.section('guidelines')
  source?.only(['file'])
  const path = source?.text('file')
  if (source === undefined || path === undefined)
    return source?.has('file') === false
      ? source.wrong(
          undefined,
          `${source.path} names no file`,
          'Write { file: guidelines.md }, or the guidelines themselves',
        )
      : undefined
  if (readFile === undefined)
    return source.wrong('file', "Files can't be read here", 'Write the guidelines into the plan')
  try {
    return readFile(path)
  } catch (error) {
    return source.wrong(
      'file',
      `${quote(path)} can't be read (${(error as Error).message})`,
      'Give its path from the folder of the plan',
    )
  }
}

/** The guidelines of a section, from the plan or from a file that it names. */
export function readGuidelines(section: PlanSection, readFile: ReadFile | undefined): Guidelines | undefined {
  if (!section.has('guidelines')) return undefined
  const text = textOf(section, readFile)
  if (text === undefined) return undefined
  const guidelines = guidelinesOf(text)
  if (!isLines(guidelines.text, MOST_GUIDELINES))
    return section.wrong(
      'guidelines',
      "These guidelines can't be shown",
      `Give 1 to ${MOST_GUIDELINES} characters without control characters`,
    )
  const html = strangeHtml(guidelines.text)
  if (html === undefined) return guidelines
  return section.wrong(
    'guidelines',
    `The guidelines have HTML: ${quote(html)}`,
    'Write Markdown; of HTML, plain tags like <b> without attributes are taken, and &lt; is a sign',
  )
}
