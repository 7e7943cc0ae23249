/* CommonJS, as many services still are. */
const REGISTER = '@groundtrace/instrumentation/register.js'
if (process.argv[2] === 'itself') require(REGISTER)
const OpenAI = require('openai')
const { serve } = require('./serving.ts')

void serve(OpenAI)
