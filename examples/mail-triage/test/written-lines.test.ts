import { describe, expect, test } from 'vitest'
import { writtenLines } from '../src/written-lines.ts'

const written = (...lines: string[]) => writtenLines(lines.join('\n')).filter((line) => line.trim() !== '')
const many = (count: number) => Array.from({ length: count }, (_, index) => `line ${'x'.repeat(index)}`)

describe('writtenLines', () => {
  test('drops quoted lines and the lines that introduce them', () => {
    expect(
      written('On Monday, 2 Sep, Ann Other wrote:', '> quoted', '>> deeper', '| barred', 'AO> named', 'mine'),
    ).toEqual(['mine'])
    expect(written('On Monday, Ann Other <ann@example.org>', 'wrote:', '> quoted', 'mine')).toEqual(['mine'])
    expect(written('Ann Other:', '', '> quoted', 'mine')).toEqual(['mine'])
    expect(written('Two things:', 'one', 'two')).toEqual(['Two things:', 'one', 'two'])
  })

  test('drops a message that follows as the original, with its address fields', () => {
    expect(written('mine', '-----Original Message-----', 'From: Ann', 'theirs')).toEqual(['mine'])
    expect(written('--- Original message', 'From: Ann', 'To: Bob', 'Subject: x', 'theirs')).toEqual([
      'Subject: x',
      'theirs',
    ])
  })

  test('drops signatures and the footers of mailing lists', () => {
    expect(written('mine', '-- ', 'Ann Other', 'Example Ltd')).toEqual(['mine'])
    expect(written('mine', '_'.repeat(47), 'Somewhere mailing list', 'https://example.org/listinfo')).toEqual(['mine'])
    expect(written('mine', '='.repeat(47), 'Order now')).toHaveLength(3)
  })

  test('drops the short lines under a closing, and keeps what is no closing', () => {
    expect(written('mine', 'Best regards,', '', 'Ann Other', 'Chief Example', '', 'P.S. more')).toEqual([
      'mine',
      'Best regards,',
      'P.S. more',
    ])
    expect(written('Thanks for all of it', 'Ann')).toEqual(['Thanks for all of it', 'Ann'])
  })

  test('does not let a mark at the top hide a whole mail', () => {
    expect(written('-- ', 'hidden', '', ...many(30))).toEqual(many(30))
    expect(written('-----Original Message-----', ...many(30))).toEqual(many(30))
  })

  test('takes a long line for text unless it is quoted', () => {
    const words = 'word '.repeat(50)
    expect(written(`From: ${words}`, `> ${words}`, `On ${words} wrote:`)).toEqual([
      `From: ${words}`,
      `On ${words} wrote:`,
    ])
  })
})
