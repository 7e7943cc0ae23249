import * as fc from 'fast-check'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { html, raw } from '../src/report/html.ts'

describe('a page', () => {
  test('shows foreign text as text, whatever it is', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=y>', '&lt;', "'"),
    )
    fc.assert(
      fc.property(text, text, (body, title) => {
        const { document } = parseHTML(
          `<!doctype html><html><body>${html`<p title="${title}">${body}</p>`.markup}</body></html>`,
        )
        const paragraph = document.querySelector('p')
        expect(document.body.querySelectorAll('*')).toHaveLength(1)
        expect(paragraph?.textContent).toBe(body)
        expect(paragraph?.getAttribute('title')).toBe(title)
      }),
    )
  })

  test('puts markup and lists of markup in as they are', () => {
    const items = [1, 2].map((item) => html`<li>${item}</li>`)
    expect(html`${items}${raw('<hr>')}`.markup).toBe('<li>1</li><li>2</li><hr>')
  })
})
