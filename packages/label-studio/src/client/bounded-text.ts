import { LabelStudioError } from './error.ts'

/**
 * The body of an answer as text, of which no more is read than this.
 * @throws LabelStudioError `invalid-answer` for a longer one
 */
export async function boundedText(response: Response, mostBytes: number): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > mostBytes) {
      throw new LabelStudioError(
        'invalid-answer',
        `Label Studio answers with more than ${mostBytes} bytes`,
        'Check that the address leads to Label Studio, and whether tasks hold files instead of their addresses',
        { status: response.status },
      )
    }
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
