import { parseHTML } from 'linkedom'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { loadCorpus } from '../src/corpus.ts'
import { htmlToText } from '../src/html-text.ts'

const wordsOf = (text: string) => text.match(/\p{L}+/gu) ?? []

describe('htmlToText', () => {
  test('joins what comments and inline tags split, and sets blocks apart', () => {
    expect(htmlToText('fr<b></b>e<!-- x > y -->e<p>next<br>line</p>')).toBe('free\n\nnext\nline\n\n')
  })

  test('leaves out what a reader does not see', () => {
    expect(htmlToText('a<script>if (1 < 2) "</b>"</script>b<STYLE>p {}</Style >c<!doctype html><?xml?>d')).toBe('abcd')
  })

  // Numbers and names of the HTML standard's table of character references.
  test('decodes entities and keeps what is none', () => {
    expect(htmlToText('&lt;&amp;&gt; &#65;&#x42;&eacute;&nbsp;&unknown; R&D &#0; &#xD800; &#9999999;')).toBe(
      '<&> ABé &unknown; R&D \uFFFD \uFFFD \uFFFD',
    )
  })

  test('keeps a < that opens nothing', () => {
    expect(htmlToText('1 < 2 <3 <')).toBe('1 < 2 <3 <')
  })

  test('hides what an unclosed comment or tag swallows, and ends', () => {
    expect(htmlToText('a<!-- never')).toBe('a')
    expect(htmlToText('a<img src="x')).toBe('a ')
    expect(htmlToText('a<script>b')).toBe('a')
  })

  // linkedom is an independent parser of HTML. The two differ where a mail's HTML is broken.
  test('finds the words of real HTML mails that linkedom finds', async () => {
    const mails = loadCorpus().mails.filter(({ raw }) => /content-type: text\/html/i.test(raw))
    let agreed = 0
    const sample = mails.filter((_, index) => index % 6 === 0)
    for (const { raw } of sample) {
      const html = (await PostalMime.parse(raw)).html ?? ''
      const { document } = parseHTML(`<html><body>${html}</body></html>`)
      for (const element of document.querySelectorAll('script, style, noscript, template')) element.remove()
      // textContent joins the words of neighbouring cells and blocks, so only the letters are compared.
      const ours = wordsOf(htmlToText(html)).join('')
      if (ours === wordsOf(document.body?.textContent ?? '').join('')) agreed += 1
    }
    expect(sample.length).toBeGreaterThan(100)
    expect(agreed / sample.length).toBeGreaterThan(0.9)
  })

  // A million characters take a quadratic scan hours and a linear one some milliseconds: the bound is far from both.
  test.for(['<', '<a', '<!--', '<script>', '</script', '&', '&#', '<a href="', '< ', '<p>', '-->', '&amp'])(
    'reads a million characters of %s in linear time',
    (piece) => {
      const started = performance.now()
      htmlToText(piece.repeat(1_000_000 / piece.length))
      expect(performance.now() - started).toBeLessThan(3000)
    },
  )
})
