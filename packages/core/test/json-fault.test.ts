import { jsonFault } from '@groundtrace/core'
import { expect, test } from 'vitest'

function faultOf(text: string): string {
  try {
    JSON.parse(text)
  } catch (error) {
    return jsonFault(error)
  }
  throw new Error(`${text} is JSON`)
}

test.each([
  ['{"a": tru', 'it ends too soon'],
  ['{"a": 1 "b": 2}', /position 8 \(line 1 column 9\)$/],
  ['{\n  a: 1\n}', /position 4 \(line 2 column 3\)$/],
  ['[1, ]', 'unexpected "]" near "[1, ]"'],
  [`[${'1,'.repeat(100)} x, ${'1,'.repeat(100)}]`, /^unexpected "x" near "[1, x]{19,21}"$/],
  ['[\u001B]', 'unexpected "\\u001b" near "[\\u001b]"'],
])('says where %j is no JSON, on one line', (text, fault) => {
  expect(faultOf(text)).toMatch(fault)
  expect(faultOf(text)).not.toMatch(/[^\P{C}]/u)
})
