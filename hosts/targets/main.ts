import OpenAI from 'openai'
import * as ort from 'onnxruntime-node'
import { predict } from './predictions.ts'

process.stdout.write(JSON.stringify(await predict(OpenAI, ort)))
