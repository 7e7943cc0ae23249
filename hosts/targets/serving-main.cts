/* CommonJS, as many services still are. */
if (process.argv[2] === 'itself') require('@groundtrace/instrumentation/register.js')
const OpenAI = require('openai')
const { serve } = require('./serving.ts')

void serve(OpenAI)
