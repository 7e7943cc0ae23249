import { serve } from './serving.ts'

// What is imported beside the start would be loaded before it.
if (process.argv[2] === 'itself') await import('@groundtrace/instrumentation/register.js')
const { default: OpenAI } = await import('openai')
await serve(OpenAI)
