/* CommonJS, as many services still are. */
const OpenAI = require('openai')
const ort = require('onnxruntime-node')
const { predict } = require('./predictions.ts')

void predict(OpenAI, ort).then((got: unknown) => process.stdout.write(JSON.stringify(got)))
